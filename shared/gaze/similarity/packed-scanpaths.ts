import type { PackedCases } from './compared-cases.ts';
import type { Kernel } from './kernel.ts';
import type { MultimatchOptions, MultimatchSignature } from './multimatch.ts';
import { packBlocks } from './packed-blocks.ts';

/** Lays saccades as the kernel reads them: see scripts/kernel/source/scanpaths.ts. */
function write(path: MultimatchSignature, buffer: ArrayBuffer, address: number): void {
  const { count, lenX, lenY, rho, angle, x, y, durations } = path;
  new Int32Array(buffer, address, 1)[0] = count;
  const records = new Float64Array(buffer, address + 16, 8 * count);
  for (const [k, list] of [lenX, x, lenY, y, angle, rho, durations].entries())
    for (let i = 0; i < count; i += 1) records[8 * i + k] = list[i] ?? Number.NaN;
  const columns = new Float64Array(buffer, records.byteOffset + 64 * count, 2 * count + 9);
  columns.fill(Infinity);
  columns.set(lenX, 3);
  columns.set(lenY, count + 6);
}

/** Where the five parts lie after a comparison. */
const partsAddress = 48;

/**
 * Scanpaths compared by the kernel: equal to `createMultimatch(options)` bit for bit. The order of the two matters
 * only where several alignments are equally short.
 */
export function packScanpaths(
  kernel: Kernel,
  { width, height, weights }: MultimatchOptions,
): PackedCases<MultimatchSignature> {
  new Float64Array(kernel.buffer, 0, 6).set([Math.hypot(width, height), ...weights]);
  const { scanpathScratch, compareScanpaths, scanpathRow } = kernel.functions;
  return packBlocks(kernel, {
    lengthOf: ({ count }) => count,
    // Of a last strip that is not full the kernel reads up to 256 bytes more.
    bytesOf: (count) => 8 * (2 + 10 * count + 9) + 256,
    write,
    scratchBytes: scanpathScratch,
    compare: compareScanpaths,
    row: scanpathRow,
    similarityOf: (relation, buffer) => ({
      relation,
      parts: [...new Float64Array(buffer, partsAddress, 5)],
    }),
  });
}
