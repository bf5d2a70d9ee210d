/** A place on the page as fractions of its width and height. */
export type PagePlace = { readonly x: number; readonly y: number };

/** 13 places that teach, the centre first. */
export const teachingPlaces: readonly PagePlace[] = [
  { x: 0.5, y: 0.5 },
  { x: 0.08, y: 0.1 },
  { x: 0.92, y: 0.9 },
  { x: 0.92, y: 0.1 },
  { x: 0.08, y: 0.9 },
  { x: 0.5, y: 0.1 },
  { x: 0.5, y: 0.9 },
  { x: 0.08, y: 0.5 },
  { x: 0.92, y: 0.5 },
  { x: 0.29, y: 0.3 },
  { x: 0.71, y: 0.7 },
  { x: 0.71, y: 0.3 },
  { x: 0.29, y: 0.7 },
];

/** 9 other places that measure. */
export const checkingPlaces: readonly PagePlace[] = [
  { x: 0.4, y: 0.4 },
  { x: 0.6, y: 0.6 },
  { x: 0.2, y: 0.2 },
  { x: 0.8, y: 0.8 },
  { x: 0.8, y: 0.2 },
  { x: 0.2, y: 0.8 },
  { x: 0.5, y: 0.25 },
  { x: 0.5, y: 0.75 },
  { x: 0.65, y: 0.45 },
];

/** Gaze of one checked place: the place and every prediction while it was looked at, CSS pixels. */
export type CheckedPlace = {
  readonly xCss: number;
  readonly yCss: number;
  readonly gaze: readonly { readonly xCss: number; readonly yCss: number }[];
};

/**
 * Accuracy: mean over the checked places of the distance between the place and the mean of its gaze,
 * CSS pixels. Undefined where a place has no gaze at all: a part of the screen was then not measured.
 */
export function measureErrorPx(checked: readonly CheckedPlace[]): number | undefined {
  if (checked.length === 0) return undefined;
  let sum = 0;
  for (const { xCss, yCss, gaze } of checked) {
    if (gaze.length === 0) return undefined;
    const meanX = gaze.reduce((total, point) => total + point.xCss, 0) / gaze.length;
    const meanY = gaze.reduce((total, point) => total + point.yCss, 0) / gaze.length;
    sum += Math.hypot(meanX - xCss, meanY - yCss);
  }
  return sum / checked.length;
}

/** Degrees of visual angle of `px` at the screen's centre; undefined while screen or distance are unknown. */
export function pxToDegrees(
  px: number,
  screenWidthPx: number,
  screenWidthMm: number | null,
  viewingDistanceMm: number | null,
): number | undefined {
  if (screenWidthMm === null || viewingDistanceMm === null || screenWidthPx <= 0) return undefined;
  const mm = (px * screenWidthMm) / screenWidthPx;
  return (Math.atan2(mm, viewingDistanceMm) * 180) / Math.PI;
}
