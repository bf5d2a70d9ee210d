/** Momentum of batch norm's running statistics, as torch's. */
const statisticsMomentum = 0.1;

/** What one layer of batch norm measured, read out of TensorFlow.js. */
export type MeasuredValues = {
  readonly name: string;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly count: number;
};

/** run = 0.9 run + 0.1 batch, in the order of measuring; the variance unbiased, as torch's. */
export function foldMeasured(
  measured: readonly MeasuredValues[],
  running: ReadonlyMap<string, Float32Array>,
): void {
  const fold = (name: string, values: Float32Array, factor: number): void => {
    const target = running.get(name);
    if (target === undefined) throw new Error(`The model has no statistics ${name}.`);
    for (const [c, value] of values.entries())
      target[c] =
        (1 - statisticsMomentum) * (target[c] ?? 0) + statisticsMomentum * factor * value;
  };
  for (const { name, mean, variance, count } of measured) {
    fold(`${name}.running_mean`, mean, 1);
    fold(`${name}.running_var`, variance, count > 1 ? count / (count - 1) : 1);
  }
}
