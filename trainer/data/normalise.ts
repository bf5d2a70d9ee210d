import { deviations, means } from '../../shared/training/preprocessing.ts';
import type { Picture } from './picture.ts';

/**
 * Writes a picture as three planes, ImageNet's mean taken off and divided by its deviation, to `target` at
 * `offset`. Bytes stand for [0, 1] as in torchvision's to_tensor; floats are on [0, 1] already. Grey is
 * written three times.
 */
export function writeNormalised(picture: Picture, target: Float32Array, offset: number): void {
  const { width, height, channels, values } = picture;
  const size = width * height;
  const full = values instanceof Uint8Array ? 255 : 1;
  for (const [k, mean] of means.entries()) {
    const [from, to] = [channels === 1 ? 0 : k * size, offset + k * size];
    const [single, deviation] = [Math.fround(mean), Math.fround(deviations[k] ?? 1)];
    for (let i = 0; i < size; i += 1)
      target[to + i] =
        Math.fround(Math.fround((values[from + i] ?? 0) / full) - single) / deviation;
  }
}
