// Sequences of moments compared as tima.ts does, bit for bit.
//
// A sequence lies at a multiple of 16 bytes: its length (i32, 16 bytes taken), then mu and hu of each map.

/** Parameters: the weights of mu and hu. */
const WEIGHTS: usize = 0;
const HEADER: usize = 16;

/** Bytes of scratch that a comparison of sequences of at most so many maps needs. */
export function sequenceScratch(rows: i32, columns: i32): usize {
  return (<usize>(rows + 1)) * ((<usize>(columns + 1)) << 3);
}

/** Weighted relative difference of the moments at a and b. */
@inline
function cost(a: usize, b: usize): f64 {
  const u = v128.load(a);
  const v = v128.load(b);
  const larger = f64x2.pmax(u, v);
  const zero = f64x2.splat(0);
  const difference = f64x2.div(f64x2.abs(f64x2.sub(u, v)), f64x2.abs(larger));
  // Wholly different where one is not a number or the larger is 0, not at all where both are equal.
  const isWhole = v128.or(v128.or(f64x2.ne(u, u), f64x2.ne(v, v)), f64x2.eq(larger, zero));
  const each = v128.bitselect(
    zero,
    v128.bitselect(f64x2.splat(1), difference, isWhole),
    f64x2.eq(u, v),
  );
  const weighted = f64x2.mul(v128.load(WEIGHTS), each);
  return f64x2.extract_lane(weighted, 0) + f64x2.extract_lane(weighted, 1);
}

@inline
function least(a: v128, b: v128, c: v128): v128 {
  return f64x2.pmin(f64x2.pmin(a, b), c);
}

/** Similarity of the sequences at a and b; 0 where one has no map. */
export function compareSequences(a: usize, b: usize, scratch: usize): f64 {
  const rows = load<i32>(a);
  const columns = load<i32>(b);
  if (rows === 0 || columns === 0) return 0;
  // Distances D of a table with a row and a column before the first, where all but the corner is infinite.
  const width = (<usize>(columns + 1)) << 3;
  store<f64>(scratch, 0);
  for (let o: usize = 8; o < width; o += 8) store<f64>(scratch + o, Infinity);
  let here = scratch + width;
  for (let i = 0; i < rows; i += 1) {
    store<f64>(here, Infinity);
    const u = a + HEADER + ((<usize>i) << 4);
    let v = b + HEADER;
    let left = f64x2.splat(Infinity);
    let diagonal = v128.load64_zero(here - width);
    const end = here + width;
    for (let o = here + 8; o < end; o += 8) {
      const up = v128.load64_zero(o - width);
      left = f64x2.add(f64x2.splat(cost(u, v)), least(diagonal, up, left));
      v128.store64_lane(o, left, 0);
      diagonal = up;
      v += 16;
    }
    here = end;
  }
  let o = here - 8;
  const distance = load<f64>(o);
  let length = rows > columns ? rows : columns;
  if (rows > 1 && columns > 1) {
    length = 1;
    const start = scratch + width + 8;
    while (o !== start) {
      const up = load<f64>(o - width);
      const left = load<f64>(o - 8);
      const diagonal = load<f64>(o - width - 8);
      if (diagonal <= up && diagonal <= left) o -= width + 8;
      else if (up <= left) o -= width;
      else o -= 8;
      length += 1;
    }
  }
  return 1 - distance / <f64>length;
}

/**
 * Similarities in single precision of the sequence at a with those whose addresses (u32; 0: not a number) lie at
 * `others`, into `out`.
 */
export function sequenceRow(
  a: usize,
  others: usize,
  count: i32,
  out: usize,
  scratch: usize,
): void {
  for (let k = 0; k < count; k += 1) {
    const b = <usize>load<u32>(others + ((<usize>k) << 2));
    store<f32>(out + ((<usize>k) << 2), b === 0 ? NaN : <f32>compareSequences(a, b, scratch));
  }
}
