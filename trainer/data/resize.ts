import { makeLike, type Picture, type PlaneValues, type Region } from './picture.ts';

export type ResizeFilter = 'bilinear' | 'bicubic';

/** Pillow's kernels: the triangle, and Keys' cubic with a = -0.5. */
const kernels: Readonly<
  Record<ResizeFilter, { readonly support: number; readonly at: (x: number) => number }>
> = {
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: {
    support: 2,
    at: (x) => {
      const d = Math.abs(x);
      if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
      return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    },
  },
};

/** Pillow's bits behind the point for 8-bit pictures. */
const fixedPoint = 2 ** 22;

/** For each target pixel of an axis: its first source pixel, how many, and their weights (`most` apart). */
type Taps = {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly most: number;
  readonly weights: Float64Array;
};

/** The kernel is widened when the picture shrinks, so that no pixel is passed over (antialiasing). */
function findTaps(source: number, target: number, filter: ResizeFilter, fixed: boolean): Taps {
  const kernel = kernels[filter];
  const scale = source / target;
  const widening = Math.max(1, scale);
  const support = kernel.support * widening;
  const most = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(target);
  const count = new Int32Array(target);
  const weights = new Float64Array(target * most);
  for (let i = 0; i < target; i += 1) {
    const centre = (i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(source, Math.trunc(centre + support + 0.5));
    let total = 0;
    for (let k = 0; k < to - from; k += 1) {
      const weight = kernel.at((k + from - centre + 0.5) / widening);
      weights[i * most + k] = weight;
      total += weight;
    }
    first[i] = from;
    count[i] = to - from;
    for (let k = 0; k < to - from; k += 1) {
      const weight = (weights[i * most + k] ?? 0) / total;
      weights[i * most + k] = fixed
        ? Math.trunc(weight * fixedPoint + (weight < 0 ? -0.5 : 0.5))
        : weight;
    }
  }
  return { first, count, most, weights };
}

/** One axis of one plane: `along` is the way from tap to tap, `across` from line to line. */
type Axis = {
  readonly offset: number;
  readonly along: number;
  readonly across: number;
  readonly lines: number;
};

function resizeAxis(
  source: PlaneValues,
  from: Axis,
  target: PlaneValues,
  to: Axis,
  { first, count, most, weights }: Taps,
): void {
  const fixed = target instanceof Uint8Array;
  const start = fixed ? fixedPoint / 2 : 0;
  for (let line = 0; line < from.lines; line += 1) {
    const sourceLine = from.offset + line * from.across;
    const targetLine = to.offset + line * to.across;
    for (let i = 0; i < first.length; i += 1) {
      const taps = count[i] ?? 0;
      let at = sourceLine + (first[i] ?? 0) * from.along;
      let sum = start;
      for (let k = i * most; k < i * most + taps; k += 1) {
        sum += (source[at] ?? 0) * (weights[k] ?? 0);
        at += from.along;
      }
      target[targetLine + i * to.along] = fixed
        ? Math.min(255, Math.max(0, Math.floor(sum / fixedPoint)))
        : sum;
    }
  }
}

/**
 * Resizes a region of a picture (all of it unless told) as Pillow's `resize` does: rows first, antialiased
 * where it shrinks, nothing taken from outside the region. 8-bit pictures in Pillow's fixed point, rounded
 * after each axis, others in double precision.
 */
export function resize<Values extends PlaneValues>(
  picture: Picture<Values>,
  width: number,
  height: number,
  filter: ResizeFilter,
  region: Region = { x: 0, y: 0, width: picture.width, height: picture.height },
): Picture<Values> {
  const { channels, values } = picture;
  const fixed = values instanceof Uint8Array;
  const columns = findTaps(region.width, width, filter, fixed);
  const rows = findTaps(region.height, height, filter, fixed);
  const narrow = makeLike(values, width * region.height);
  const result = makeLike(values, channels * width * height);
  for (let k = 0; k < channels; k += 1) {
    const offset = (k * picture.height + region.y) * picture.width + region.x;
    resizeAxis(
      values,
      { offset, along: 1, across: picture.width, lines: region.height },
      narrow,
      { offset: 0, along: 1, across: width, lines: region.height },
      columns,
    );
    resizeAxis(
      narrow,
      { offset: 0, along: width, across: 1, lines: width },
      result,
      { offset: k * width * height, along: width, across: 1, lines: width },
      rows,
    );
  }
  return { width, height, channels, values: result };
}
