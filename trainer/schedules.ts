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

/**
 * Momentum of BYOL's target at a step (mcgip section 8): m = 1 - (1 - base)(cos(pi step / K) + 1) / 2, K = all
 * steps; it rises from `base` to 1. With accumulation it is asked at the steps after which the target follows.
 */
export function targetMomentumAt(step: number, totalSteps: number, base: number): number {
  return 1 - ((1 - base) * (Math.cos((Math.PI * step) / totalSteps) + 1)) / 2;
}
