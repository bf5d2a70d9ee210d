import type { Picture } from './picture.ts';

/**
 * The picture turned about its centre, counter-clockwise, bilinear between pixels; what comes from outside is
 * 0. The same as Pillow's `rotate(degrees, BILINEAR)` of a single-precision picture.
 */
export function rotate(picture: Picture<Float32Array>, degrees: number): Picture<Float32Array> {
  const { width, height, channels, values } = picture;
  const angle = (-degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned = new Float32Array(values.length);
  const size = width * height;
  for (let r = 0; r < height; r += 1)
    for (let c = 0; c < width; c += 1) {
      const [dx, dy] = [c + 0.5 - width / 2, r + 0.5 - height / 2];
      const x = cos * dx + sin * dy + width / 2;
      const y = cos * dy - sin * dx + height / 2;
      if (x < 0 || x >= width || y < 0 || y >= height) continue;
      const left = Math.floor(x - 0.5);
      const top = Math.floor(y - 0.5);
      const [fx, fy] = [x - 0.5 - left, y - 0.5 - top];
      const x0 = Math.max(0, left);
      const x1 = Math.min(width - 1, left + 1);
      const upper = Math.max(0, top) * width;
      const lower = Math.min(height - 1, top + 1) * width;
      for (let k = 0; k < channels; k += 1) {
        const start = k * size;
        const above =
          (1 - fx) * (values[start + upper + x0] ?? 0) + fx * (values[start + upper + x1] ?? 0);
        const below =
          (1 - fx) * (values[start + lower + x0] ?? 0) + fx * (values[start + lower + x1] ?? 0);
        turned[start + r * width + c] = (1 - fy) * above + fy * below;
      }
    }
  return { ...picture, values: turned };
}
