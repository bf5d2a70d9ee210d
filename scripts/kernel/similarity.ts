// AssemblyScript: compiled by `npm run kernel` into shared/gaze/similarity/kernel.generated.ts.
// Compares scanpaths, hashes and heat maps as multimatch.ts, difference-hash.ts and map-comparison.ts beside
// that file do, bit for bit: the same IEEE operations in the same order.
//
// A scanpath lies at a multiple of 8 bytes: its count of saccades n (i32, 8 bytes taken), then nine arrays of
// doubles, each of n rounded up to an even number: lenX, lenY, lenX and lenY from the last to the first, rho,
// angle, x, y, duration. Two doubles more must be readable behind them.

/** Parameters in doubles from here: diagonal of the space, the five weights, then room for the five parts. */
const PARAMETERS: usize = 0;
const WEIGHTS: usize = 8;
const PARTS: usize = 48;

@inline
function strideOf(count: i32): usize {
  return (<usize>(count + (count & 1))) << 3;
}

/** The k-th smallest of n doubles at p, which are reordered (Hoare's selection). */
function select(p: usize, n: i32, k: i32): f64 {
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const pivot = load<f64>(p + ((<usize>k) << 3));
    let i = low;
    let j = high;
    while (i <= j) {
      while (load<f64>(p + ((<usize>i) << 3)) < pivot) i += 1;
      while (load<f64>(p + ((<usize>j) << 3)) > pivot) j -= 1;
      if (i <= j) {
        const a = p + ((<usize>i) << 3);
        const b = p + ((<usize>j) << 3);
        const swap = load<f64>(a);
        store<f64>(a, load<f64>(b));
        store<f64>(b, swap);
        i += 1;
        j -= 1;
      }
    }
    if (j < k) low = i;
    if (k < i) high = j;
  }
  return load<f64>(p + ((<usize>k) << 3));
}

function median(p: usize, n: i32): f64 {
  const middle = n >>> 1;
  const upper = select(p, n, middle);
  if (n & 1) return upper;
  let lower = -Infinity;
  for (let i = 0; i < middle; i += 1) {
    const value = load<f64>(p + ((<usize>i) << 3));
    if (value > lower) lower = value;
  }
  return (lower + upper) / 2;
}

/**
 * Bytes of scratch that a comparison of scanpaths of at most `rows` and `columns` saccades needs: the costs by
 * anti-diagonal, one more diagonal before them, and five numbers for each node of the path.
 */
export function scratchBytes(rows: i32, columns: i32): usize {
  return (
    32 + (<usize>(rows + 4)) * 8 * (<usize>(rows + columns)) + (<usize>(rows + columns)) * 8 * 5
  );
}

/** Relation of the scanpaths at a and b; the five parts lie at PARTS afterwards. */
export function compare(a: usize, b: usize, scratch: usize): f64 {
  const rows = load<i32>(a);
  const columns = load<i32>(b);
  const strideA = strideOf(rows);
  const strideB = strideOf(columns);
  const aX = a + 8;
  const aY = aX + strideA;
  const backX = b + 8 + 2 * strideB;
  const backY = backX + strideB;
  // Costs by anti-diagonal i + j, at place i of it: its cells do not depend on each other.
  const width = (<usize>(rows + 4)) << 3;
  const costs = scratch + 16 + width;
  const before = costs - width;
  store<f64>(before - 8, Infinity);
  store<f64>(before, Infinity);
  store<f64>(before + 8, Infinity);
  store<f64>(costs - 8, Infinity);
  store<f64>(costs, 0);
  store<f64>(costs + 8, Infinity);
  const diagonals = rows + columns - 1;
  let here = costs;
  for (let s = 1; s < diagonals; s += 1) {
    const last = here;
    here += width;
    const low = s >= columns ? s - columns + 1 : 0;
    const high = s < rows ? s : rows - 1;
    const end = (<usize>high) << 3;
    const shiftX = backX + ((<usize>(columns - 1 - s)) << 3);
    const shiftY = backY + ((<usize>(columns - 1 - s)) << 3);
    const diagonal = last - width - 8;
    for (let o: usize = (<usize>low) << 3; o <= end; o += 16) {
      const dx = f64x2.sub(v128.load(aX + o), v128.load(shiftX + o));
      const dy = f64x2.sub(v128.load(aY + o), v128.load(shiftY + o));
      const d = f64x2.sqrt(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)));
      const best = f64x2.pmin(
        f64x2.pmin(v128.load(last + o - 8), v128.load(diagonal + o)),
        v128.load(last + o),
      );
      v128.store(here + o, f64x2.add(best, d));
    }
    store<f64>(here + end + 8, Infinity);
    if (low === 0) store<f64>(here - 8, Infinity);
  }

  // From the end back to the start, as walkBack does.
  const bX = b + 8;
  const bY = bX + strideB;
  const rhoA = a + 8 + 4 * strideA;
  const rhoB = b + 8 + 4 * strideB;
  const most = (<usize>(rows + columns)) << 3;
  const shapes = costs + (<usize>diagonals) * width + 16;
  const directions = shapes + most;
  const lengths = directions + most;
  const positions = lengths + most;
  const durations = positions + most;
  let i = rows - 1;
  let j = columns - 1;
  let n: usize = 0;
  for (;;) {
    const oa = (<usize>i) << 3;
    const ob = (<usize>j) << 3;
    let dx = load<f64>(aX + oa) - load<f64>(bX + ob);
    let dy = load<f64>(aY + oa) - load<f64>(bY + ob);
    store<f64>(shapes + n, Math.sqrt(dx * dx + dy * dy));
    store<f64>(lengths + n, Math.abs(load<f64>(rhoA + oa) - load<f64>(rhoB + ob)));
    const turn = Math.abs(load<f64>(rhoA + strideA + oa) - load<f64>(rhoB + strideB + ob));
    store<f64>(directions + n, turn > Math.PI ? 2 * Math.PI - turn : turn);
    dx = load<f64>(rhoA + 2 * strideA + oa) - load<f64>(rhoB + 2 * strideB + ob);
    dy = load<f64>(rhoA + 3 * strideA + oa) - load<f64>(rhoB + 3 * strideB + ob);
    store<f64>(positions + n, Math.sqrt(dx * dx + dy * dy));
    const durationA = load<f64>(rhoA + 4 * strideA + oa);
    const durationB = load<f64>(rhoB + 4 * strideB + ob);
    const longer = durationA > durationB ? durationA : durationB;
    store<f64>(durations + n, longer === 0 ? 0 : Math.abs(durationA - durationB) / longer);
    n += 8;
    if (i === 0) {
      if (j === 0) break;
      j -= 1;
    } else if (j === 0) i -= 1;
    else {
      const last = costs + (<usize>(i + j - 1)) * width + oa;
      const up = load<f64>(last - 8);
      const left = load<f64>(last);
      const diagonal = load<f64>(last - width - 8);
      if (up < diagonal && up <= left) i -= 1;
      else if (left < diagonal && left < up) j -= 1;
      else {
        i -= 1;
        j -= 1;
      }
    }
  }
  const nodes = <i32>(n >> 3);
  const extent = load<f64>(PARAMETERS);
  const shape = 1 - median(shapes, nodes) / (2 * extent);
  const direction = 1 - median(directions, nodes) / Math.PI;
  const length = 1 - median(lengths, nodes) / extent;
  const position = 1 - median(positions, nodes) / extent;
  const duration = 1 - median(durations, nodes);
  store<f64>(PARTS, shape);
  store<f64>(PARTS + 8, direction);
  store<f64>(PARTS + 16, length);
  store<f64>(PARTS + 24, position);
  store<f64>(PARTS + 32, duration);
  let relation = load<f64>(WEIGHTS) * shape;
  relation += load<f64>(WEIGHTS + 8) * direction;
  relation += load<f64>(WEIGHTS + 16) * length;
  relation += load<f64>(WEIGHTS + 24) * position;
  relation += load<f64>(WEIGHTS + 32) * duration;
  return relation;
}

/**
 * Relations in single precision of the scanpath at a with those whose addresses (u32; 0: not a number) lie at
 * `others`, into `out`.
 */
export function compareRow(
  a: usize,
  others: usize,
  count: i32,
  out: usize,
  scratch: usize,
): void {
  for (let k = 0; k < count; k += 1) {
    const b = <usize>load<u32>(others + ((<usize>k) << 2));
    store<f32>(out + ((<usize>k) << 2), b === 0 ? NaN : <f32>compare(a, b, scratch));
  }
}

/**
 * Relations in single precision of a hash of `ones` bits with `count` hashes (u64 each) whose numbers of bits (u8
 * each) lie at `counts`. `table` holds, for each number of bits of the other and of those in both, the relation
 * (f32, 65 x 65).
 */
export function hashRow(
  hash: u64,
  hashes: usize,
  counts: usize,
  count: i32,
  table: usize,
  out: usize,
): void {
  for (let k = 0; k < count; k += 1) {
    const both = <usize>popcnt<u64>(hash & load<u64>(hashes + ((<usize>k) << 3)));
    const ones = <usize>load<u8>(counts + <usize>k);
    store<f32>(out + ((<usize>k) << 2), load<f32>(table + ((ones * 65 + both) << 2)));
  }
}

/** Dot product of two maps of `size` values (f32; a multiple of 8), in eight sums of every eighth product. */
export function dot(a: usize, b: usize, size: i32): f64 {
  let s01 = f64x2.splat(0);
  let s23 = f64x2.splat(0);
  let s45 = f64x2.splat(0);
  let s67 = f64x2.splat(0);
  const end = (<usize>size) << 2;
  for (let o: usize = 0; o < end; o += 32) {
    s01 = f64x2.add(s01, f64x2.mul(promote(a + o), promote(b + o)));
    s23 = f64x2.add(s23, f64x2.mul(promote(a + o + 8), promote(b + o + 8)));
    s45 = f64x2.add(s45, f64x2.mul(promote(a + o + 16), promote(b + o + 16)));
    s67 = f64x2.add(s67, f64x2.mul(promote(a + o + 24), promote(b + o + 24)));
  }
  return both(s01) + both(s23) + (both(s45) + both(s67));
}

/** Two neighbouring single-precision values as doubles. */
@inline
function promote(p: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(p));
}

@inline
function both(pair: v128): f64 {
  return f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
}

/** Dot products of the map at a with `count` maps of `size` values that lie one after another. */
export function dotRow(a: usize, maps: usize, size: i32, count: i32, out: usize): void {
  const step = (<usize>size) << 2;
  for (let k = 0; k < count; k += 1)
    store<f64>(out + ((<usize>k) << 3), dot(a, maps + <usize>k * step, size));
}
