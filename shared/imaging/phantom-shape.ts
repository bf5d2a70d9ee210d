import type { PhantomCase, PhantomFinding } from './phantom-case.ts';
import type { Laterality } from './study.ts';

export const phantomViewPositions = ['CC', 'MLO'] as const;
export type PhantomViewPosition = (typeof phantomViewPositions)[number];

/** Which picture of a woman. */
export type PhantomView = {
  readonly laterality: Laterality;
  readonly viewPosition: PhantomViewPosition;
};

/** The four pictures of a screening study. */
export const screeningViews: readonly PhantomView[] = [
  { laterality: 'R', viewPosition: 'CC' },
  { laterality: 'L', viewPosition: 'CC' },
  { laterality: 'R', viewPosition: 'MLO' },
  { laterality: 'L', viewPosition: 'MLO' },
];

/** Size of every phantom picture. */
export const phantomColumns = 640;
export const phantomRows = 832;

/**
 * The breast's outline in one view: half an ellipse whose straight side is the chest wall. Pixels,
 * centres at integers; x is the distance from the chest wall, whichever side of the picture that is on.
 */
export type BreastShape = {
  readonly depthPx: number;
  readonly halfHeightPx: number;
  readonly centreY: number;
  /** How far the outline sinks for each pixel away from the chest wall. */
  readonly sag: number;
  /** The pectoral muscle's edge goes from (x at the top, 0) to (0, y at the chest wall); undefined in CC. */
  readonly pectoral: { readonly topX: number; readonly bottomY: number } | undefined;
};

/** The outline of a woman's breast in a view. */
export function shapeOf(woman: PhantomCase, viewPosition: PhantomViewPosition): BreastShape {
  const isOblique = viewPosition === 'MLO';
  return {
    depthPx: woman.nippleDepth * phantomColumns,
    halfHeightPx: (isOblique ? 0.47 : 0.43) * phantomRows,
    centreY: 0.5 * phantomRows,
    sag: isOblique ? 0.1 : 0,
    pectoral: isOblique ? { topX: 0.36 * phantomColumns, bottomY: 0.52 * phantomRows } : undefined,
  };
}

/** 0 outside and on the outline, rising to 1 in the middle of the chest wall. */
export function depthInside(shape: BreastShape, x: number, y: number): number {
  const across = x / shape.depthPx;
  const down = (y - shape.centreY - shape.sag * x) / shape.halfHeightPx;
  return Math.max(0, 1 - Math.sqrt(across * across + down * down));
}

/** Turns a distance from the chest wall into a column, and back: R has its chest wall on the right. */
export function columnOf(laterality: Laterality, x: number): number {
  return laterality === 'L' ? x : phantomColumns - 1 - x;
}

/** A finding as one picture shows it; x, y in image pixels, centres at integers. */
export type PhantomLesion = {
  readonly kind: PhantomFinding['kind'];
  readonly x: number;
  readonly y: number;
  readonly radiusPx: number;
};

/** Where a picture shows the woman's findings: the truth that no reader is told. */
export function lesionsIn(woman: PhantomCase, view: PhantomView): readonly PhantomLesion[] {
  const shape = shapeOf(woman, view.viewPosition);
  return woman.findings
    .filter(({ side }) => side === view.laterality)
    .map((finding) => {
      const x = finding.depth * shape.depthPx;
      const offset = view.viewPosition === 'CC' ? finding.medial : finding.caudal;
      // The room above and below shrinks towards the nipple.
      const room = shape.halfHeightPx * Math.sqrt(Math.max(0, 1 - finding.depth ** 2)) * 0.9;
      return {
        kind: finding.kind,
        x: columnOf(view.laterality, x),
        y: shape.centreY + shape.sag * x + offset * room,
        radiusPx: finding.radiusPx,
      };
    });
}

/** The nipple's place in image pixels. */
export function nippleIn(
  woman: PhantomCase,
  view: PhantomView,
): { readonly x: number; readonly y: number } {
  const shape = shapeOf(woman, view.viewPosition);
  return {
    x: columnOf(view.laterality, shape.depthPx),
    y: shape.centreY + shape.sag * shape.depthPx,
  };
}
