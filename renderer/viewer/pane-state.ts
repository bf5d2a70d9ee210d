import * as core from '@cornerstonejs/core';
import { affineFromThreePoints } from '../../shared/gaze/affine.ts';
import type { PaneState } from '../gaze/recording.ts';

/** Distance of the probe points, CSS pixels. */
const probe = 100;

/** Image index coordinates (pixel centres at integers) under a point of the pane, CSS px from its corner. */
export function indexAt(
  viewport: core.Types.IStackViewport,
  xCss: number,
  yCss: number,
): { readonly x: number; readonly y: number } {
  const world = viewport.canvasToWorld([xCss, yCss]);
  const [x, y] = viewport.getImageData()?.imageData.worldToIndex?.(world) ?? [];
  return { x: x ?? Number.NaN, y: y ?? Number.NaN };
}

/**
 * What a pane shows at this moment. The map from CSS to image pixels is taken from cornerstone's own at
 * three points: it is affine under zoom, pan, flip and rotation. Undefined while nothing is shown.
 */
export function readPaneState(
  viewport: core.Types.IStackViewport,
  element: HTMLElement,
  pane: number,
  imageId: number,
  visible: boolean,
): PaneState | undefined {
  const origin = indexAt(viewport, 0, 0);
  const affine = affineFromThreePoints(
    probe,
    origin,
    indexAt(viewport, probe, 0),
    indexAt(viewport, 0, probe),
  );
  if (!Object.values(affine).every((value) => Number.isFinite(value))) return undefined;
  const box = element.getBoundingClientRect();
  const { voiRange, invert } = viewport.getProperties();
  const window =
    voiRange === undefined
      ? undefined
      : core.utilities.windowLevel.toWindowLevel(voiRange.lower, voiRange.upper);
  return {
    pane,
    imageId,
    frame: viewport.getCurrentImageIdIndex(),
    xCss: box.x,
    yCss: box.y,
    widthCss: box.width,
    heightCss: box.height,
    ...affine,
    windowCenter: window?.windowCenter ?? null,
    windowWidth: window?.windowWidth ?? null,
    invert: invert === true,
    visible,
  };
}

/** How a picture lies otherwise than it came. */
export type Orientation = {
  readonly flipHorizontal: boolean;
  readonly flipVertical: boolean;
  /** Degrees clockwise: 0, 90, 180 or 270. */
  readonly rotation: number;
};

export function readOrientation(viewport: core.Types.IStackViewport): Orientation {
  const { flipHorizontal, flipVertical, rotation = 0 } = viewport.getViewPresentation();
  return {
    flipHorizontal: flipHorizontal === true,
    flipVertical: flipVertical === true,
    rotation: ((Math.round(rotation) % 360) + 360) % 360,
  };
}

/** Whether two states say the same. */
export function isSameState(a: PaneState | undefined, b: PaneState): boolean {
  return (
    a !== undefined &&
    (Object.keys(b) as (keyof PaneState)[]).every((name) => Object.is(a[name], b[name]))
  );
}
