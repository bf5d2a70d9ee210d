// Heat maps compared as map-comparison.ts does, bit for bit.

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
