import type { BatchStatistics } from './layers.ts';

/** Momentum of batch norm's running statistics, as torch's. */
const momentum = 0.1;

type Layer = Pick<BatchStatistics, 'name' | 'channels' | 'count'>;

/** Mean 0 and variance 1 for every layer, or those of an earlier run. */
export function startStatistics(
  layers: readonly Layer[],
  earlier: ReadonlyMap<string, Float32Array> = new Map(),
): Map<string, Float32Array> {
  const running = new Map<string, Float32Array>();
  for (const { name, channels } of layers) {
    running.set(`${name}.running_mean`, new Float32Array(channels));
    running.set(`${name}.running_var`, new Float32Array(channels).fill(1));
  }
  for (const [name, values] of earlier) running.get(name)?.set(values);
  return running;
}

/**
 * run = 0.9 run + 0.1 batch, in place, for each view in turn; the variance unbiased, as torch's. `measured` answers
 * the mean and the (biased) variance of layer i.
 */
export function foldStatistics(
  layers: readonly Layer[],
  measured: (kind: 'mean' | 'var', i: number) => Float32Array | undefined,
  running: ReadonlyMap<string, Float32Array>,
): void {
  for (const [i, { name, count }] of layers.entries()) {
    const unbias = count > 1 ? count / (count - 1) : 1;
    for (const [kind, factor] of [
      ['mean', 1],
      ['var', unbias],
    ] as const) {
      const target = running.get(`${name}.running_${kind}`);
      const batch = measured(kind, i);
      if (target === undefined || batch === undefined) continue;
      for (let c = 0; c < target.length; c += 1)
        target[c] = (1 - momentum) * (target[c] ?? 0) + momentum * factor * (batch[c] ?? 0);
    }
  }
}
