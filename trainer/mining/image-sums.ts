import type { KindCases } from './mining-cases.ts';
import { ownScale, type ReaderScale } from './reader-scale.ts';

/** Told of a pair of images, by their places: its relation, or NaN where the measure has none. */
export type PairListener = (a: number, b: number, relation: number) => void;

/**
 * Relations of one image at a time with the images before it: the mean over all pairs of readings that were
 * compared, in single precision, summed in the order in which rows come.
 */
export class ImageSums {
  readonly #group: KindCases;
  readonly #scale: ReaderScale;
  readonly #sums: Float64Array;
  readonly #found: Uint32Array;
  readonly #tried: Uint8Array;

  constructor(group: KindCases, scale: ReaderScale) {
    const { length } = group.images;
    this.#group = group;
    this.#scale = scale;
    this.#sums = new Float64Array(length);
    this.#found = new Uint32Array(length);
    this.#tried = new Uint8Array(length);
  }

  /** Adds relations of case `own`, which is of image `image`, with the cases from `from` on. */
  add(row: Float32Array, from: number, own: number, image: number): void {
    const { cases, imageOf } = this.#group;
    const [sums, found, tried, scale] = [this.#sums, this.#found, this.#tried, this.#scale];
    const reader = cases[own]?.readerId ?? 0;
    for (let k = 0; k < row.length; k += 1) {
      const other = imageOf[from + k] ?? 0;
      // What follows are other readings of the image itself.
      if (other === image) break;
      const relation = row[k] ?? Number.NaN;
      tried[other] = 1;
      if (Number.isNaN(relation)) continue;
      const scaled =
        scale === ownScale ? relation : scale(relation, reader, cases[from + k]?.readerId ?? 0);
      sums[other] = (sums[other] ?? 0) + scaled;
      found[other] = (found[other] ?? 0) + 1;
    }
  }

  /** Tells of every pair of the image, and forgets them. */
  take(image: number, listener: PairListener): void {
    const [sums, found, tried] = [this.#sums, this.#found, this.#tried];
    for (let other = 0; other < image; other += 1) {
      if (tried[other] === 0) continue;
      const count = found[other] ?? 0;
      const sum = sums[other] ?? 0;
      tried[other] = 0;
      found[other] = 0;
      sums[other] = 0;
      listener(other, image, count === 0 ? Number.NaN : Math.fround(sum / count));
    }
  }
}
