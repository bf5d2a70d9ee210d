import { createHash } from 'node:crypto';

/** Collects pairs of images, whatever comes first, for their hash. */
export class PairList {
  /** Higher ids by lower id. */
  readonly #pairs = new Map<number, number[]>();

  add(a: number, b: number): void {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const known = this.#pairs.get(low);
    if (known === undefined) this.#pairs.set(low, [high]);
    else known.push(high);
  }

  /** SHA-256 over a line `lower higher` for each pair, ended by a line feed, in the order of the ids. */
  sha256(): string {
    const hash = createHash('sha256');
    for (const [low, highs] of [...this.#pairs].toSorted(([a], [b]) => a - b))
      hash.update(
        highs
          .toSorted((a, b) => a - b)
          .map((high) => `${low} ${high}\n`)
          .join(''),
      );
    return hash.digest('hex');
  }
}
