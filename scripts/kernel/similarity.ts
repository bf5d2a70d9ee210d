// AssemblyScript: compiled by `npm run kernel` into shared/gaze/similarity/kernel.generated.ts.
// Compares scanpaths, hashes and heat maps as multimatch.ts, difference-hash.ts and map-comparison.ts beside
// that file do, bit for bit: the same IEEE operations in the same order.
//
// A scanpath lies at a multiple of 16 bytes: its count of saccades n (i32, 16 bytes taken), a record of eight
// doubles for each saccade (lenX, x, lenY, y, angle, rho, duration, 0), then once more, with infinity where there
// is no saccade: three infinities, lenX of all, three infinities, lenY of all, three infinities. 256 bytes more
// must be readable behind it: of a last strip that is not full they are read and not used.

/** Parameters in doubles from here: diagonal of the space, the five weights, then room for the five parts. */
const PARAMETERS: usize = 0;
const WEIGHTS: usize = 8;
const PARTS: usize = 48;

const HEADER: usize = 16;
const RECORD: usize = 64;
/** A step of a strip: the costs of its four rows, the lowest first. */
const STEP: usize = 32;

/**
 * The number of rank k (from 0) of n doubles at p, for an even n with k = n / 2 the mean of it and the one before.
 * Both p and the room for n doubles at q are used up.
 */
function median(p: usize, q: usize, n: i32): f64 {
  const isEven = (n & 1) === 0;
  let k = n >>> 1;
  // The largest number known to lie below all that are left.
  let below = -Infinity;
  for (;;) {
    const first = v128.load64_zero(p);
    const middle = v128.load64_zero(p + ((<usize>(n >>> 1)) << 3));
    const last = v128.load64_zero(p + ((<usize>(n - 1)) << 3));
    const pivot = f64x2.extract_lane(
      f64x2.pmax(f64x2.pmin(first, middle), f64x2.pmin(f64x2.pmax(first, middle), last)),
      0,
    );
    // Those less than the pivot to the beginning of p, those greater to q, without a branch.
    let less = p;
    let greater = q;
    const end = p + ((<usize>n) << 3);
    for (let o = p; o < end; o += 8) {
      const value = load<f64>(o);
      store<f64>(less, value);
      store<f64>(greater, value);
      less += (<usize>(value < pivot)) << 3;
      greater += (<usize>(value > pivot)) << 3;
    }
    const lesser = <i32>((less - p) >>> 3);
    const greaters = <i32>((greater - q) >>> 3);
    if (k < lesser) {
      n = lesser;
      continue;
    }
    k -= n - greaters;
    if (k >= 0) {
      n = greaters;
      below = pivot;
      const other = p;
      p = q;
      q = other;
      continue;
    }
    if (!isEven) return pivot;
    // The one before is the pivot too where it is there more than once and not for the first time.
    if (k + n - greaters > lesser) return (pivot + pivot) / 2;
    let before = f64x2.splat(below);
    for (let o = p; o < less; o += 8) before = f64x2.pmax(before, v128.load64_zero(o));
    return (f64x2.extract_lane(before, 0) + pivot) / 2;
  }
}

/** Bytes from one strip of the table of costs to the next. */
@inline
function stripBytes(columns: i32): usize {
  return (<usize>(columns + 3)) * STEP;
}

/**
 * Bytes of scratch that a comparison of scanpaths of at most `rows` and `columns` saccades needs: the costs in
 * strips of four rows, and six times a number for each node of the path.
 */
export function scratchBytes(rows: i32, columns: i32): usize {
  return (
    256 +
    (<usize>((rows + 3) >>> 2)) * stripBytes(columns) +
    (<usize>(rows + columns)) * 8 * 6
  );
}

/** (second, first) */
@inline
function pair(first: usize, second: usize): v128 {
  return v128.load64_lane(first, v128.load64_zero(second), 1);
}

@inline
function distances(aX: v128, aY: v128, bX: usize, bY: usize): v128 {
  const dx = f64x2.sub(aX, v128.load(bX));
  const dy = f64x2.sub(aY, v128.load(bY));
  return f64x2.sqrt(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)));
}

/** The upper half of `x` and the lower of `y`. */
@inline
function join(x: v128, y: v128): v128 {
  return v128.shuffle<f64>(x, y, 1, 2);
}

/**
 * Costs of all nodes into `table`, in strips of four rows r .. r + 3. At step t of a strip row r + k is at column
 * t - k, so that the four do not depend on each other; what they need is what the step before gave. Beyond the
 * columns everything is infinite.
 */
@inline
function align(a: usize, b: usize, rows: i32, columns: i32, infinity: usize, table: usize): void {
  const nothing = f64x2.splat(Infinity);
  const firstX = b + HEADER + <usize>columns * RECORD + 16;
  const toY = (<usize>(columns + 3)) << 3;
  const strip = stripBytes(columns);
  // Costs of the row above the strip; there is none above the first.
  let above = infinity;
  let aboveStep: usize = 0;
  let here = table;
  for (let row = 0; row < rows; row += 4) {
    const a0 = a + HEADER + <usize>row * RECORD;
    const upperX = pair(a0, a0 + RECORD);
    const upperY = pair(a0 + 16, a0 + RECORD + 16);
    let left = nothing;
    // What lay above a step ago lies diagonally now.
    let diagonal = nothing;
    if (row === 0) {
      // The start costs nothing: as much less before it as its own distance is.
      const dx = load<f64>(a0) - load<f64>(firstX + 8);
      const dy = load<f64>(a0 + 16) - load<f64>(firstX + toY + 8);
      diagonal = f64x2.replace_lane(nothing, 1, -Math.sqrt(dx * dx + dy * dy));
    }
    let x = firstX;
    if (rows - row > 2) {
      const lowerX = pair(a0 + 2 * RECORD, a0 + 3 * RECORD);
      const lowerY = pair(a0 + 2 * RECORD + 16, a0 + 3 * RECORD + 16);
      let lowerLeft = nothing;
      let lowerDiagonal = nothing;
      const end = here + strip;
      for (let o = here; o < end; o += STEP) {
        const up = join(left, v128.load64_splat(above));
        const lowerUp = join(lowerLeft, left);
        left = f64x2.add(
          f64x2.pmin(f64x2.pmin(left, diagonal), up),
          distances(upperX, upperY, x, x + toY),
        );
        lowerLeft = f64x2.add(
          f64x2.pmin(f64x2.pmin(lowerLeft, lowerDiagonal), lowerUp),
          distances(lowerX, lowerY, x - 16, x + toY - 16),
        );
        v128.store(o, lowerLeft);
        v128.store(o + 16, left);
        diagonal = up;
        lowerDiagonal = lowerUp;
        above += aboveStep;
        x += 8;
      }
    } else {
      const end = here + strip - 2 * STEP;
      for (let o = here; o < end; o += STEP) {
        const up = join(left, v128.load64_splat(above));
        left = f64x2.add(
          f64x2.pmin(f64x2.pmin(left, diagonal), up),
          distances(upperX, upperY, x, x + toY),
        );
        v128.store(o + 16, left);
        diagonal = up;
        above += aboveStep;
        x += 8;
      }
    }
    above = here + 3 * STEP;
    aboveStep = STEP;
    here += strip;
  }
}

/** Relation of the scanpaths at a and b; the five parts lie at PARTS afterwards. */
export function compare(a: usize, b: usize, scratch: usize): f64 {
  const rows = load<i32>(a);
  const columns = load<i32>(b);
  store<f64>(scratch, Infinity);
  const table = scratch + 16;
  align(a, b, rows, columns, scratch, table);

  // From the end back to the start, as walkBack does.
  const strip = stripBytes(columns);
  const most = (<usize>(rows + columns)) << 3;
  const shapes = table + (<usize>((rows + 3) >>> 2)) * strip + 64;
  const directions = shapes + most;
  const lengths = directions + most;
  const positions = lengths + most;
  const durations = positions + most;
  const room = durations + most;
  const turns = f64x2(2 * Math.PI, Infinity);
  let i = rows - 1;
  let j = columns - 1;
  let p = table + (<usize>(i >>> 2)) * strip + (<usize>(j + (i & 3))) * STEP + ((<usize>(3 - (i & 3))) << 3);
  let ra = a + HEADER + <usize>i * RECORD;
  let rb = b + HEADER + <usize>j * RECORD;
  let n: usize = 0;
  for (;;) {
    const dx = f64x2.sub(v128.load(ra), v128.load(rb));
    const dy = f64x2.sub(v128.load(ra, 16), v128.load(rb, 16));
    const d = f64x2.sqrt(f64x2.add(f64x2.mul(dx, dx), f64x2.mul(dy, dy)));
    v128.store64_lane(shapes + n, d, 0);
    v128.store64_lane(positions + n, d, 1);
    const change = f64x2.abs(f64x2.sub(v128.load(ra, 32), v128.load(rb, 32)));
    const turn = f64x2.pmin(change, f64x2.sub(turns, change));
    v128.store64_lane(directions + n, turn, 0);
    v128.store64_lane(lengths + n, turn, 1);
    const durationA = v128.load64_zero(ra, 48);
    const durationB = v128.load64_zero(rb, 48);
    const longer = f64x2.pmax(durationA, durationB);
    const ratio = f64x2.div(f64x2.abs(f64x2.sub(durationA, durationB)), longer);
    // Of two durations that are 0 the ratio is 0, not 0 / 0.
    v128.store64_lane(durations + n, v128.and(ratio, f64x2.ne(longer, f64x2.splat(0))), 0);
    n += 8;
    let isUp = 1;
    let isLeft = 0;
    if (i > 0 && j > 0) {
      const toAbove = i & 3 ? -(<usize>24) : 72 - strip;
      const up = load<f64>(p + toAbove);
      const left = load<f64>(p - STEP);
      const diagonal = load<f64>(p + toAbove - STEP);
      isUp = i32(up < diagonal) & i32(up <= left);
      isLeft = i32(left < diagonal) & i32(left < up);
      p += (toAbove & <usize>(isLeft - 1)) - (STEP & <usize>(isUp - 1));
    } else if (i === 0) {
      if (j === 0) break;
      isUp = 0;
      isLeft = 1;
    }
    i -= 1 - isLeft;
    j -= 1 - isUp;
    ra -= RECORD & <usize>(isLeft - 1);
    rb -= RECORD & <usize>(isUp - 1);
  }
  const nodes = <i32>(n >>> 3);
  const extent = load<f64>(PARAMETERS);
  const shape = 1 - median(shapes, room, nodes) / (2 * extent);
  const direction = 1 - median(directions, room, nodes) / Math.PI;
  const length = 1 - median(lengths, room, nodes) / extent;
  const position = 1 - median(positions, room, nodes) / extent;
  const duration = 1 - median(durations, room, nodes);
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
