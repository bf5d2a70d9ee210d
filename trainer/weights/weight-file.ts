/** A tensor of somebody's file: its numbers are decoded only when they are asked for. */
export type FileTensor = {
  readonly name: string;
  readonly shape: readonly number[];
  /** Format as the file names it. */
  readonly format: string;
  /** float32; throws WeightFileFault where the format holds no such numbers. */
  readonly read: () => Float32Array;
};

/** What is wrong with a file of weights, as a part of a sentence that says what to do. */
export class WeightFileFault extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'WeightFileFault';
  }
}

/** Numbers of a shape; throws WeightFileFault where a size is no natural number or the product is absurd. */
export function countOf(name: string, shape: readonly unknown[]): number {
  let count = 1;
  for (const size of shape) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
      throw new WeightFileFault(`the tensor ${name} has a shape that is none; export it again`);
    count *= size;
  }
  if (!Number.isSafeInteger(count))
    throw new WeightFileFault(`the tensor ${name} has a shape that is none; export it again`);
  return count;
}
