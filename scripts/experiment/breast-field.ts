import { resizeToPlanes, type Pixels } from '../../trainer/data/pixels.ts';

const side = 64;
/** Film background is darker than this share of the picture's brightest part. */
const darkest = 0.25;

/**
 * Places of the breast on a film mammogram, image pixels: the largest connected part that is brighter than the
 * film's background, on a grid of 64 x 64. Labels on the film are other parts. Made from pixels alone.
 */
export function findBreast(pixels: Pixels): readonly { readonly x: number; readonly y: number }[] {
  const plane = resizeToPlanes(pixels, side).subarray(0, side * side);
  const sorted = plane.toSorted();
  const limit = darkest * (sorted[Math.floor(0.98 * sorted.length)] ?? 1);
  const part = new Int32Array(side * side);
  let best: number[] = [];
  for (let start = 0; start < part.length; start += 1) {
    if (part[start] !== 0 || (plane[start] ?? 0) <= limit) continue;
    const members = [start];
    part[start] = 1;
    for (let k = 0; k < members.length; k += 1) {
      const at = members[k] ?? 0;
      const column = at % side;
      const around = [at - side, at + side];
      if (column > 0) around.push(at - 1);
      if (column < side - 1) around.push(at + 1);
      for (const next of around) {
        if (part[next] !== 0 || (plane[next] ?? 0) <= limit) continue;
        part[next] = 1;
        members.push(next);
      }
    }
    if (members.length > best.length) best = members;
  }
  return best.map((at) => ({
    x: (((at % side) + 0.5) * pixels.width) / side - 0.5,
    y: ((Math.floor(at / side) + 0.5) * pixels.height) / side - 0.5,
  }));
}
