import type { PackedCases } from './compared-cases.ts';
import type { Kernel } from './kernel.ts';
import type { DotReading } from './map-comparison.ts';

/** Maps of one block of the kernel's memory. */
const perBlock = 256;

/**
 * Heat maps compared by the kernel, bit for bit as map-comparison.ts does. Maps of another size than the first are
 * refused. The order of the two does not matter.
 */
export function packMaps(
  kernel: Kernel,
  { toRelation, toSimilarity }: DotReading,
): PackedCases<Float32Array> {
  /** Addresses of the blocks; map k is number k % perBlock of block k / perBlock. */
  const blocks: number[] = [];
  const isThere: boolean[] = [];
  let mapSize: number | undefined;
  const addressOf = (k: number): number =>
    (blocks[Math.floor(k / perBlock)] ?? 0) + 4 * (mapSize ?? 0) * (k % perBlock);
  return {
    add: (map) => {
      const k = isThere.length;
      if (map !== undefined && mapSize === undefined) {
        if (map.length % 8 !== 0) throw new Error('A map has a multiple of 8 values.');
        mapSize = map.length;
      }
      if (map !== undefined && map.length !== mapSize)
        throw new Error('Heat maps of different sizes cannot be compared.');
      isThere.push(map !== undefined);
      if (mapSize === undefined) return;
      while (blocks.length * perBlock <= k) blocks.push(kernel.take(4 * mapSize * perBlock));
      if (map !== undefined) new Float32Array(kernel.buffer, addressOf(k), mapSize).set(map);
    },
    compare: (i, j) => toSimilarity(kernel.functions.dot(addressOf(i), addressOf(j), mapSize ?? 0)),
    compareRow: (i, from, to, out) => {
      if (mapSize === undefined) return;
      const answers = kernel.top;
      kernel.reach(answers + 8 * perBlock);
      for (let start = from; start < to;) {
        const end = Math.min(to, (Math.floor(start / perBlock) + 1) * perBlock);
        kernel.functions.dotRow(addressOf(i), addressOf(start), mapSize, end - start, answers);
        const dots = new Float64Array(kernel.buffer, answers, end - start);
        for (let j = start; j < end; j += 1)
          out[j - from] =
            isThere[j] === true ? toRelation(dots[j - start] ?? Number.NaN) : Number.NaN;
        start = end;
      }
    },
  };
}
