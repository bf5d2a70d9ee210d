import type { Random } from '../../shared/random.ts';

/** Mean and deviation of ImageNet's channels, which torchvision's encoders expect. */
const means = [0.485, 0.456, 0.406] as const;
const deviations = [0.229, 0.224, 0.225] as const;

const pick = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.next();

type Crop = {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly flip: boolean;
};

/** A square part of 40 to 100 % of the area, flipped left-right half the time. */
function drawCrop(side: number, random: Random): Crop {
  const part = side * Math.sqrt(pick(random, 0.4, 1));
  return {
    side: part,
    x: pick(random, 0, side - part),
    y: pick(random, 0, side - part),
    flip: random.next() < 0.5,
  };
}

/** Bilinear resize of the crop back to the full side. */
function cropPlane(source: Float32Array, target: Float32Array, side: number, crop: Crop): void {
  const scale = crop.side / side;
  for (let r = 0; r < side; r += 1) {
    const y = Math.min(side - 1, Math.max(0, crop.y + (r + 0.5) * scale - 0.5));
    const top = Math.floor(y);
    const fy = y - top;
    const upper = top * side;
    const lower = Math.min(side - 1, top + 1) * side;
    for (let c = 0; c < side; c += 1) {
      const column = crop.flip ? side - 1 - c : c;
      const x = Math.min(side - 1, Math.max(0, crop.x + (column + 0.5) * scale - 0.5));
      const left = Math.floor(x);
      const right = Math.min(side - 1, left + 1);
      const fx = x - left;
      target[r * side + c] =
        (1 - fy) * ((1 - fx) * (source[upper + left] ?? 0) + fx * (source[upper + right] ?? 0)) +
        fy * ((1 - fx) * (source[lower + left] ?? 0) + fx * (source[lower + right] ?? 0));
    }
  }
}

/** Separable Gaussian of three taps a side; sigma in pixels. */
function blurPlane(plane: Float32Array, side: number, sigma: number): void {
  const taps = [0, 1, 2, 3].map((d) => Math.exp(-(d * d) / (2 * sigma * sigma)));
  const total = (taps[0] ?? 1) + 2 * ((taps[1] ?? 0) + (taps[2] ?? 0) + (taps[3] ?? 0));
  const line = new Float32Array(side);
  for (const step of [1, side])
    for (let start = 0; start < side; start += 1) {
      const first = step === 1 ? start * side : start;
      for (let i = 0; i < side; i += 1) line[i] = plane[first + i * step] ?? 0;
      for (let i = 0; i < side; i += 1) {
        let sum = 0;
        for (let d = -3; d <= 3; d += 1)
          sum += (taps[Math.abs(d)] ?? 0) * (line[Math.min(side - 1, Math.max(0, i + d))] ?? 0);
        plane[first + i * step] = sum / total;
      }
    }
}

/**
 * One augmented view of `image` (three planes in [0, 1]) written to `target` at `offset`: random resized
 * crop, flip, brightness and contrast, blur, then ImageNet's mean and deviation. All chance is `random`'s.
 */
export function writeView(
  image: Float32Array,
  side: number,
  random: Random,
  target: Float32Array,
  offset: number,
): void {
  const crop = drawCrop(side, random);
  const jitter = random.next() < 0.8;
  const brightness = jitter ? pick(random, 0.6, 1.4) : 1;
  const contrast = jitter ? pick(random, 0.6, 1.4) : 1;
  const sigma = random.next() < 0.5 ? pick(random, 0.1, 1.2) : 0;
  const size = side * side;
  for (const [k, channelMean] of means.entries()) {
    const plane = target.subarray(offset + k * size, offset + (k + 1) * size);
    cropPlane(image.subarray(k * size, (k + 1) * size), plane, side, crop);
    if (sigma > 0) blurPlane(plane, side, sigma);
    let sum = 0;
    for (const value of plane) sum += value;
    const middle = (brightness * sum) / size;
    for (let i = 0; i < size; i += 1) {
      const bright = brightness * (plane[i] ?? 0);
      const value = Math.min(1, Math.max(0, middle + contrast * (bright - middle)));
      plane[i] = (value - channelMean) / (deviations[k] ?? 1);
    }
  }
}
