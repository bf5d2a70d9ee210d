/** A relation of two readings on a scale that does not depend on who read; in [0, 1]. */
export type ReaderScale = (relation: number, readerA: number, readerB: number) => number;

/** A relation of a pair put together by chance, with the readers of its two sides. */
export type ReaderScore = {
  readonly relation: number;
  readonly readerA: number;
  readonly readerB: number;
};

/** Fewer scores say too little of a reader. */
const fewestScores = 30;

type Spread = { readonly mean: number; readonly variance: number };

function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length < fewestScores) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return variance > 0 ? { mean, variance } : undefined;
}

/** The scale that leaves every relation as it is. */
export const ownScale: ReaderScale = (relation) => relation;

/**
 * Standardises relations for each reader by chance: z = (relation - mean) / deviation, with mean and variance
 * those of the chance pairs that each of the two readers takes part in, averaged over the two, and z laid back
 * on mean and deviation of all chance pairs, cut to [0, 1]. A reader with fewer than 30 chance pairs, or whose
 * chance pairs are all the same, has those of all.
 */
export function standardiseReaders(chance: readonly ReaderScore[]): ReaderScale {
  const all = spreadOf(chance.map(({ relation }) => relation));
  if (all === undefined) return ownScale;
  const byReader = new Map<number, number[]>();
  for (const { relation, readerA, readerB } of chance)
    for (const reader of new Set([readerA, readerB])) {
      const known = byReader.get(reader);
      if (known === undefined) byReader.set(reader, [relation]);
      else known.push(relation);
    }
  const spreads = new Map(
    [...byReader].map(([reader, relations]) => [reader, spreadOf(relations) ?? all]),
  );
  const deviation = Math.sqrt(all.variance);
  return (relation, readerA, readerB) => {
    const [a, b] = [spreads.get(readerA) ?? all, spreads.get(readerB) ?? all];
    const z = (relation - (a.mean + b.mean) / 2) / Math.sqrt((a.variance + b.variance) / 2);
    return Math.min(1, Math.max(0, all.mean + z * deviation));
  };
}
