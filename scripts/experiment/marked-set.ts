import type { Laterality, Modality } from '../../shared/imaging/study.ts';
import type { Mark, SearchScene } from './simulated-search.ts';

/** An image with a label, and what a simulated reader finds on it. */
export type MarkedImage = {
  /** Name of the file in the set's folder. */
  readonly file: string;
  readonly label: string;
  readonly patient: string;
  readonly laterality: Laterality | null;
  readonly viewPosition: string | null;
  readonly scene: SearchScene;
};

/** Images with real lesion marks. */
export type MarkedSet = {
  readonly name: string;
  readonly modality: Modality;
  readonly imageFolder: string;
  /** Pixels of these files for one degree, and how that follows from the size at which they are shown. */
  readonly pxPerDegree: number;
  readonly shownAs: string;
  /** What the label is, and where its patients come from. */
  readonly labelMeans: string;
  readonly patientMeans: string;
  /** What any result from the set must cite. */
  readonly cite: string;
  readonly images: readonly MarkedImage[];
};

/** Pixels a degree of a picture that is shown `heightMm` high before an eye at this distance. */
export function pxPerDegreeOf(rows: number, heightMm: number, distanceMm: number): number {
  return (rows * 2 * distanceMm * Math.tan(Math.PI / 360)) / heightMm;
}

/** A round mark. */
export const roundMark = (x: number, y: number, radius: number): Mark => ({
  x,
  y,
  radiusX: radius,
  radiusY: radius,
});
