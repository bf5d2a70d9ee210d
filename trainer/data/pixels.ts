/** A decoded picture: one value a pixel or three (RGB), in [0, 1], rows from the top. */
export type Pixels = {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly values: Float32Array;
};

/** For one axis: where each target pixel begins and ends among the source's. */
function edges(source: number, target: number): Float64Array {
  return Float64Array.from({ length: target + 1 }, (_, i) => (i * source) / target);
}

/**
 * Resizes to a square by the mean over each target pixel's area, as three planes `[3, side, side]`; grey
 * becomes three equal planes.
 */
export function resizeToPlanes(pixels: Pixels, side: number): Float32Array {
  const { width, height, channels, values } = pixels;
  const columns = edges(width, side);
  const rows = edges(height, side);
  const planes = new Float32Array(3 * side * side);
  for (let r = 0; r < side; r += 1) {
    const [top, bottom] = [rows[r] ?? 0, rows[r + 1] ?? 0];
    for (let c = 0; c < side; c += 1) {
      const [left, right] = [columns[c] ?? 0, columns[c + 1] ?? 0];
      const sums = [0, 0, 0];
      let area = 0;
      for (let y = Math.floor(top); y < Math.min(height, Math.ceil(bottom)); y += 1) {
        const high = Math.min(y + 1, bottom) - Math.max(y, top);
        for (let x = Math.floor(left); x < Math.min(width, Math.ceil(right)); x += 1) {
          const weight = high * (Math.min(x + 1, right) - Math.max(x, left));
          const at = (y * width + x) * channels;
          area += weight;
          for (let k = 0; k < channels; k += 1)
            sums[k] = (sums[k] ?? 0) + weight * (values[at + k] ?? 0);
        }
      }
      for (let k = 0; k < 3; k += 1)
        planes[(k * side + r) * side + c] = (sums[channels === 1 ? 0 : k] ?? 0) / area;
    }
  }
  return planes;
}
