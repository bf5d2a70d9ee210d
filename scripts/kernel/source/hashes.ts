// Hashes compared as difference-hash.ts does, in single precision.

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
