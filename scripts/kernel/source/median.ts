// As median.ts beside multimatch.ts.

/**
 * Median of n > 0 doubles at p; of an even number the mean of the middle two. What lies at p is overwritten, and
 * room for as many at q.
 */
export function median(p: usize, q: usize, n: i32): f64 {
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
