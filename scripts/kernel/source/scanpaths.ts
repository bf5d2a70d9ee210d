// Scanpaths compared as multimatch.ts does, bit for bit.
//
// A scanpath lies at a multiple of 16 bytes: its count of saccades n (i32, 16 bytes taken), a record of eight
// doubles for each saccade (lenX, x, lenY, y, angle, rho, duration, 0), then once more, with infinity where there
// is no saccade: three infinities, lenX of all, three infinities, lenY of all, three infinities. 256 bytes more
// must be readable behind it: of a last strip that is not full they are read and not used.

import { median } from './median';

/** Parameters in doubles from here: diagonal of the space, the five weights, then room for the five parts. */
const PARAMETERS: usize = 0;
const WEIGHTS: usize = 8;
const PARTS: usize = 48;

const HEADER: usize = 16;
const RECORD: usize = 64;
/** A step of a strip: the costs of its four rows, the lowest first. */
const STEP: usize = 32;

/** Bytes from one strip of the table of costs to the next. */
@inline
function stripBytes(columns: i32): usize {
  return (<usize>(columns + 3)) * STEP;
}

/**
 * Bytes of scratch that a comparison of scanpaths of at most `rows` and `columns` saccades needs: the costs in
 * strips of four rows, and six times a number for each node of the path.
 */
export function scanpathScratch(rows: i32, columns: i32): usize {
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

/** Relation of the scanpaths at a and b; the five parts lie at PARTS afterwards. Without a saccade all are 0. */
export function compareScanpaths(a: usize, b: usize, scratch: usize): f64 {
  const rows = load<i32>(a);
  const columns = load<i32>(b);
  if (rows === 0 || columns === 0) {
    memory.fill(PARTS, 0, 40);
    return 0;
  }
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
export function scanpathRow(
  a: usize,
  others: usize,
  count: i32,
  out: usize,
  scratch: usize,
): void {
  for (let k = 0; k < count; k += 1) {
    const b = <usize>load<u32>(others + ((<usize>k) << 2));
    store<f32>(out + ((<usize>k) << 2), b === 0 ? NaN : <f32>compareScanpaths(a, b, scratch));
  }
}
