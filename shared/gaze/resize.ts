/** A grey image of 8 bits, rows from the top. */
export type GreyImage = {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
};

/** For one axis: the first of two neighbours and their 11-bit weights (mcgip section 2). */
function axisWeights(source: number, target: number): { index: Int32Array; weights: Int32Array } {
  const index = new Int32Array(target);
  const weights = new Int32Array(target * 2);
  for (let d = 0; d < target; d += 1) {
    const s = Math.fround((d + 0.5) * (source / target) - 0.5);
    let i = Math.floor(s);
    let f = Math.fround(s - i);
    if (i < 0) [i, f] = [0, 0];
    else if (i >= source - 1) [i, f] = [source - 1, 0];
    index[d] = i;
    weights[2 * d] = roundHalfEven((1 - f) * 2048);
    weights[2 * d + 1] = roundHalfEven(f * 2048);
  }
  return { index, weights };
}

/** rint: halves go to the even neighbour. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * Bilinear resize of 8-bit values in fixed point, without anti-aliasing: equals OpenCV 4.6's
 * INTER_LINEAR bit for bit (mcgip section 2), so that hashes and moments are those of the published code.
 */
export function resizeBilinear(image: GreyImage, width: number, height: number): GreyImage {
  const columns = axisWeights(image.width, width);
  const rows = axisWeights(image.height, height);
  const data = new Uint8Array(width * height);
  const { data: source } = image;
  const horizontal = (row: number, column: number): number => {
    const i = columns.index[column] ?? 0;
    const next = Math.min(i + 1, image.width - 1);
    const start = row * image.width;
    return (
      (source[start + i] ?? 0) * (columns.weights[2 * column] ?? 0) +
      (source[start + next] ?? 0) * (columns.weights[2 * column + 1] ?? 0)
    );
  };
  for (let r = 0; r < height; r += 1) {
    const i = rows.index[r] ?? 0;
    const next = Math.min(i + 1, image.height - 1);
    const b0 = rows.weights[2 * r] ?? 0;
    const b1 = rows.weights[2 * r + 1] ?? 0;
    for (let c = 0; c < width; c += 1) {
      const upper = (b0 * (horizontal(i, c) >> 4)) >> 16;
      const lower = (b1 * (horizontal(next, c) >> 4)) >> 16;
      data[r * width + c] = (upper + lower + 2) >> 2;
    }
  }
  return { width, height, data };
}
