import type { PackedCases } from './compared-cases.ts';
import { type DifferenceHash, hashCosine } from './difference-hash.ts';
import type { Kernel } from './kernel.ts';

/** Cosines in single precision of a hash of `ones` bits by the other's number of bits and that of both. */
function cosinesOf(ones: number): Float32Array {
  return Float32Array.from({ length: 65 * 65 }, (_, k) => {
    const [other, both] = [Math.floor(k / 65), k % 65];
    return other === 0 ? Number.NaN : both / Math.sqrt(ones * other);
  });
}

/**
 * Hashes compared by `hashCosine`, rows of them by the kernel, equal in single precision. The order of the two
 * does not matter.
 */
export function packHashes(kernel: Kernel): PackedCases<DifferenceHash> {
  let hashes = new BigUint64Array(64);
  let counts = new Uint8Array(64);
  let size = 0;
  /** What lies in the kernel's memory: addresses of hashes and counts, for how many there is room and how many are there. */
  let placed = { hashes: 0, counts: 0, room: 0, size: 0 };
  const tables = new Map<number, number>();
  const tableOf = (ones: number): number => {
    const known = tables.get(ones);
    if (known !== undefined) return known;
    const address = kernel.take(4 * 65 * 65);
    new Float32Array(kernel.buffer, address, 65 * 65).set(cosinesOf(ones));
    tables.set(ones, address);
    return address;
  };
  const place = (): void => {
    if (placed.size === size) return;
    if (placed.room < size) {
      const room = Math.max(1024, 2 * size);
      placed = { hashes: kernel.take(8 * room), counts: kernel.take(room), room, size: 0 };
    }
    new BigUint64Array(kernel.buffer, placed.hashes, size).set(hashes.subarray(0, size));
    new Uint8Array(kernel.buffer, placed.counts, size).set(counts.subarray(0, size));
    placed.size = size;
  };
  const hashAt = (i: number): DifferenceHash => {
    const bits = hashes[i] ?? 0n;
    return {
      low: Number(bits & 0xffffffffn) | 0,
      high: Number(bits >> 32n) | 0,
      ones: counts[i] ?? 0,
    };
  };
  return {
    add: (hash) => {
      if (size === hashes.length) {
        const [longer, more] = [new BigUint64Array(2 * size), new Uint8Array(2 * size)];
        longer.set(hashes);
        more.set(counts);
        [hashes, counts] = [longer, more];
      }
      const { low = 0, high = 0, ones = 0 } = hash ?? {};
      hashes[size] = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
      counts[size] = ones;
      size += 1;
    },
    compare: (i, j) => {
      const relation = hashCosine(hashAt(i), hashAt(j));
      return { relation, parts: [relation] };
    },
    compareRow: (i, from, to, out) => {
      place();
      const table = tableOf(counts[i] ?? 0);
      const count = to - from;
      const answers = kernel.top;
      kernel.reach(answers + 4 * count);
      kernel.functions.hashRow(
        hashes[i] ?? 0n,
        placed.hashes + 8 * from,
        placed.counts + from,
        count,
        table,
        answers,
      );
      out.set(new Float32Array(kernel.buffer, answers, count));
    },
  };
}
