/** What is stored with a recording about screen, eye and error; null where it is not known. */
export type ScreenFacts = {
  readonly screenWidthMm: number | null;
  /** Width of the same screen. */
  readonly screenWidthDip: number | null;
  /** Eye to screen. */
  readonly viewingDistanceMm: number | null;
  /** Mean error of the validation before the recording; null also for what is no eye. */
  readonly gazeErrorDip: number | null;
};

/** Nothing is known: for gaze that lay on no measured screen. */
export const noScreenFacts: ScreenFacts = {
  screenWidthMm: null,
  screenWidthDip: null,
  viewingDistanceMm: null,
  gazeErrorDip: null,
};

/** What turns degrees of visual angle into DIP. */
export type GazeGeometry = {
  readonly mmPerDip: number;
  readonly viewingDistanceMm: number;
  /** As ScreenFacts. */
  readonly gazeErrorDip: number | null;
};

const isLength = (value: number | null): value is number =>
  value !== null && Number.isFinite(value) && value > 0;

/** The geometry of a recording, or undefined where a size or the distance is not known. */
export function toGeometry({
  screenWidthMm,
  screenWidthDip,
  viewingDistanceMm,
  gazeErrorDip,
}: ScreenFacts): GazeGeometry | undefined {
  if (!isLength(screenWidthMm) || !isLength(screenWidthDip) || !isLength(viewingDistanceMm))
    return undefined;
  return { mmPerDip: screenWidthMm / screenWidthDip, viewingDistanceMm, gazeErrorDip };
}

type Scale = Pick<GazeGeometry, 'mmPerDip' | 'viewingDistanceMm'>;

/**
 * Length on the screen that an angle spans, 2 d tan(a / 2). It is exact for a length whose middle lies where the
 * eye looks at the screen at a right angle, and taken for the whole screen: a screen is flat, so 20 degrees
 * beside its centre the same length spans 0.88 of the angle.
 */
export function degreesToDip({ mmPerDip, viewingDistanceMm }: Scale, degrees: number): number {
  return (2 * viewingDistanceMm * Math.tan((degrees * Math.PI) / 360)) / mmPerDip;
}

/** The inverse of `degreesToDip`, with the same approximation. */
export function dipToDegrees({ mmPerDip, viewingDistanceMm }: Scale, dip: number): number {
  return (Math.atan((dip * mmPerDip) / (2 * viewingDistanceMm)) * 360) / Math.PI;
}

/** Of what lies about the point of regard the eye sees so much sharply: the fovea. */
const foveaDegrees = 1;

/**
 * Standard deviation of the Gaussian that one look leaves on a heat map: sqrt(1 degree^2 + gaze error^2), in
 * DIP. An error that was not measured counts as none.
 */
export function lookSigmaDip(geometry: GazeGeometry): number {
  return Math.hypot(degreesToDip(geometry, foveaDegrees), geometry.gazeErrorDip ?? 0);
}
