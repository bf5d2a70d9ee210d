/** Rows of this length, each divided by max(|row|, 1e-12); in place. */
export function normaliseRowsInPlace(values: Float32Array, length: number): Float32Array {
  for (let start = 0; start < values.length; start += length) {
    let squares = 0;
    for (let i = start; i < start + length; i += 1) squares += (values[i] ?? 0) ** 2;
    const norm = Math.max(Math.sqrt(squares), 1e-12);
    for (let i = start; i < start + length; i += 1) values[i] = (values[i] ?? 0) / norm;
  }
  return values;
}
