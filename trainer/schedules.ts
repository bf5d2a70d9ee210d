export type ScheduleOptions = {
  readonly learningRate: number;
  readonly epochs: number;
  readonly warmupEpochs: number;
  readonly stepsPerEpoch: number;
};

/**
 * Cosine by epoch with linear warm-up by step (mcgip section 8): lr_e = 0.5 lr (1 + cos(pi e / E)); while
 * step < W = warm-up epochs x steps per epoch it is multiplied by 1 - (1 - step / W)(1 - 1e-4).
 */
export function learningRateAt(step: number, options: ScheduleOptions): number {
  const { learningRate, epochs, warmupEpochs, stepsPerEpoch } = options;
  const epoch = Math.floor(step / stepsPerEpoch);
  const cosine = 0.5 * learningRate * (1 + Math.cos((Math.PI * epoch) / epochs));
  const warm = warmupEpochs * stepsPerEpoch;
  return step < warm ? cosine * (1 - (1 - step / warm) * (1 - 1e-4)) : cosine;
}
