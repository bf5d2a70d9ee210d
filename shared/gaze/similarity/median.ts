import { at } from './saccades.ts';

/** Moves the k-th smallest of values[0..n) to place k, smaller or equal ones before it (Hoare's selection). */
function select(values: Float64Array, n: number, k: number): number {
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const pivot = at(values, k);
    let i = low;
    let j = high;
    while (i <= j) {
      while (at(values, i) < pivot) i += 1;
      while (at(values, j) > pivot) j -= 1;
      if (i <= j) {
        const swap = at(values, i);
        values[i] = at(values, j);
        values[j] = swap;
        i += 1;
        j -= 1;
      }
    }
    if (j < k) low = i;
    if (k < i) high = j;
  }
  return at(values, k);
}

/** Median of values[0..n), which are reordered; of an even number the mean of the middle two. NaN for none. */
export function selectMedian(values: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  const middle = n >>> 1;
  const upper = select(values, n, middle);
  if (n % 2 === 1) return upper;
  let lower = -Infinity;
  for (let i = 0; i < middle; i += 1) lower = Math.max(lower, at(values, i));
  return (lower + upper) / 2;
}
