/** Equal parts of [0, 1] in the counts that a run keeps. */
export const histogramBins = 200;

/** The part in which a number lies; beside [0, 1] the nearest. */
export const binOf = (value: number): number =>
  Math.min(histogramBins - 1, Math.max(0, Math.floor(value * histogramBins)));
