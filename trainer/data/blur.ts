import type { Picture } from './picture.ts';

/** Pillow makes a Gaussian out of so many box blurs (Gwosdek 2011, extended box filtering). */
const boxes = 3;

/** The box's radius, with its fraction, in Pillow's mixture of single and double precision. */
function boxRadiusOf(sigma: number): number {
  const single = Math.fround(sigma);
  const variance = Math.fround(Math.fround(single * single) / boxes);
  const length = Math.fround(Math.sqrt(12 * variance + 1));
  const whole = Math.floor((length - 1) / 2);
  const above = Math.fround(
    Math.fround(2 * whole + 1) *
      Math.fround(Math.fround(whole * (whole + 1)) - Math.fround(3 * variance)),
  );
  const below = Math.fround(6 * Math.fround(variance - (whole + 1) * (whole + 1)));
  return Math.fround(whole + Math.fround(above / below));
}

/** One box blur of `length` values that lie `step` apart from `offset` on; edges go on with their last value. */
function blurLine(line: Uint8Array, out: Uint8Array, radius: number): void {
  const whole = Math.trunc(radius);
  const last = line.length - 1;
  const inner = Math.trunc(Math.fround(2 ** 24 / Math.fround(radius * 2 + 1)));
  const outer = Math.floor((2 ** 24 - (whole * 2 + 1) * inner) / 2);
  let sum = 0;
  for (let d = -whole - 1; d < whole; d += 1) sum += line[Math.min(last, Math.max(0, d))] ?? 0;
  for (let x = 0; x <= last; x += 1) {
    const left = line[Math.max(0, x - whole - 1)] ?? 0;
    sum += (line[Math.min(last, x + whole)] ?? 0) - left;
    const right = line[Math.min(last, x + whole + 1)] ?? 0;
    out[x] = (sum * inner + (left + right) * outer + 2 ** 23) / 2 ** 24;
  }
}

/** Pillow's GaussianBlur of an 8-bit picture: three box blurs an axis, rounded after each. Sigma in pixels. */
export function blurBytes(picture: Picture<Uint8Array>, sigma: number): Picture<Uint8Array> {
  const { width, height, channels, values } = picture;
  const radius = boxRadiusOf(sigma);
  if (radius === 0) return picture;
  const blurred = values.slice();
  const axes = [
    { length: width, step: 1, lines: height, across: width },
    { length: height, step: width, lines: width, across: 1 },
  ];
  for (let k = 0; k < channels; k += 1)
    for (const { length, step, lines, across } of axes) {
      let line = new Uint8Array(length);
      let out = new Uint8Array(length);
      for (let each = 0; each < lines; each += 1) {
        const start = k * width * height + each * across;
        for (let i = 0; i < length; i += 1) line[i] = blurred[start + i * step] ?? 0;
        for (let pass = 0; pass < boxes; pass += 1) {
          blurLine(line, out, radius);
          [line, out] = [out, line];
        }
        for (let i = 0; i < length; i += 1) blurred[start + i * step] = line[i] ?? 0;
      }
    }
  return { ...picture, values: blurred };
}

/** torchvision's Gaussian kernel of `size` taps, an odd number; the sum is 1. */
export function gaussianKernel(size: number, sigma: number): Float64Array {
  const half = (size - 1) / 2;
  const kernel = Float64Array.from({ length: size }, (_, i) =>
    Math.exp(-0.5 * ((i - half) / sigma) ** 2),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  return kernel.map((weight) => weight / total);
}

/** Index on an axis of `length` that is reflected at its ends without repeating them (2 1 | 0 1 2). */
function reflect(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const at = ((index % period) + period) % period;
  return at < length ? at : period - at;
}

/** A true Gaussian blur, separable, borders reflected: torchvision's gaussian_blur. Taps an odd number. */
export function blurFloats(
  picture: Picture<Float32Array>,
  sigma: number,
  taps: number,
): Picture<Float32Array> {
  const { width, height, channels, values } = picture;
  const kernel = gaussianKernel(taps, sigma);
  const half = (taps - 1) / 2;
  const blurred = values.slice();
  const axes = [
    { length: width, step: 1, lines: height, across: width },
    { length: height, step: width, lines: width, across: 1 },
  ];
  for (let k = 0; k < channels; k += 1)
    for (const { length, step, lines, across } of axes) {
      const line = new Float64Array(length + 2 * half);
      for (let each = 0; each < lines; each += 1) {
        const start = k * width * height + each * across;
        for (let i = 0; i < line.length; i += 1)
          line[i] = blurred[start + reflect(i - half, length) * step] ?? 0;
        for (let i = 0; i < length; i += 1) {
          let sum = 0;
          for (let t = 0; t < taps; t += 1) sum += (kernel[t] ?? 0) * (line[i + t] ?? 0);
          blurred[start + i * step] = sum;
        }
      }
    }
  return { ...picture, values: blurred };
}
