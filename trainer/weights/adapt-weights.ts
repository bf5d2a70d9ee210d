/** Cubic kernel of torch's interpolation, a = -0.75 (Keys 1981). */
function cubic(distance: number): number {
  const a = -0.75;
  const x = Math.abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0;
}

/** For each place of a row of `to` the four places of `from` and their weights; centres at half integers. */
function taps(from: number, to: number): { readonly at: number; readonly weight: number }[][] {
  return Array.from({ length: to }, (_, i) => {
    const centre = ((i + 0.5) * from) / to - 0.5;
    const first = Math.floor(centre) - 1;
    return [0, 1, 2, 3].map((k) => ({
      at: Math.min(from - 1, Math.max(0, first + k)),
      weight: cubic(centre - (first + k)),
    }));
  });
}

/**
 * A positional embedding `[1, 1 + from * from, width]` (class token first) for another grid
 * `[1, 1 + to * to, width]`: bicubic, as `torch.nn.functional.interpolate(mode='bicubic')`; the class token's
 * stays.
 */
export function resizePositions(
  values: Float32Array,
  from: number,
  to: number,
  width: number,
): Float32Array {
  const across = taps(from, to);
  const rows = new Float64Array(from * to * width);
  for (let r = 0; r < from; r += 1)
    for (const [c, four] of across.entries())
      for (const { at, weight } of four) {
        const source = (1 + r * from + at) * width;
        const target = (r * to + c) * width;
        for (let d = 0; d < width; d += 1)
          rows[target + d] = (rows[target + d] ?? 0) + weight * (values[source + d] ?? 0);
      }
  const resized = new Float64Array((1 + to * to) * width);
  resized.set(values.subarray(0, width));
  for (const [r, four] of across.entries())
    for (const { at, weight } of four)
      for (let c = 0; c < to; c += 1) {
        const source = (at * to + c) * width;
        const target = (1 + r * to + c) * width;
        for (let d = 0; d < width; d += 1)
          resized[target + d] = (resized[target + d] ?? 0) + weight * (rows[source + d] ?? 0);
      }
  return Float32Array.from(resized);
}

/**
 * The first convolution `[out, from, k, k]` for another number of input channels: from grey scale each channel
 * gets an equal share, to grey scale the channels are summed, so that a grey picture gives the same response.
 */
export function adaptStem(
  values: Float32Array,
  out: number,
  from: number,
  to: number,
  pixels: number,
): Float32Array {
  const adapted = new Float32Array(out * to * pixels);
  for (let o = 0; o < out; o += 1)
    for (let p = 0; p < pixels; p += 1) {
      let total = 0;
      for (let c = 0; c < from; c += 1) total += values[(o * from + c) * pixels + p] ?? 0;
      for (let c = 0; c < to; c += 1) adapted[(o * to + c) * pixels + p] = total / to;
    }
  return adapted;
}
