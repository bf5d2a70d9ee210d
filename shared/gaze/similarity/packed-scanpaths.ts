import type { PackedRows } from './compared-cases.ts';
import type { Kernel } from './kernel.ts';
import type { MultimatchOptions, MultimatchSignature } from './multimatch.ts';

/** Packs saccades as the kernel reads them: see scripts/kernel/similarity.ts. */
function pack(kernel: Kernel, path: MultimatchSignature): number {
  const { count, lenX, lenY, rho, angle, x, y, durations } = path;
  const stride = count + (count % 2);
  const address = kernel.take(8 * (1 + 9 * stride));
  new Int32Array(kernel.buffer, address, 1)[0] = count;
  const numbers = new Float64Array(kernel.buffer, address + 8, 9 * stride);
  for (const [k, list] of [
    lenX,
    lenY,
    lenX.toReversed(),
    lenY.toReversed(),
    rho,
    angle,
    x,
    y,
    durations.subarray(0, count),
  ].entries())
    numbers.set(list, k * stride);
  return address;
}

/** Rows of MultiMatch relations by the kernel: equal to `createMultimatch(options)` bit for bit. */
export function packScanpaths(
  kernel: Kernel,
  { width, height, weights }: MultimatchOptions,
): PackedRows<MultimatchSignature> {
  new Float64Array(kernel.buffer, 0, 6).set([Math.hypot(width, height), ...weights]);
  let addresses = new Uint32Array(64);
  let size = 0;
  let longest = 0;
  return {
    add: (path) => {
      if (size === addresses.length) {
        const longer = new Uint32Array(2 * size);
        longer.set(addresses);
        addresses = longer;
      }
      addresses[size] = path === undefined ? 0 : pack(kernel, path);
      size += 1;
      longest = Math.max(longest, path?.count ?? 0);
    },
    compareRow: (i, from, to, out) => {
      const count = to - from;
      const { top } = kernel;
      const answers = top + 4 * count;
      const scratch = (answers + 4 * count + 15) & ~15;
      kernel.reach(scratch + kernel.functions.scratchBytes(longest, longest));
      new Uint32Array(kernel.buffer, top, count).set(addresses.subarray(from, to));
      kernel.functions.compareRow(addresses[i] ?? 0, top, count, answers, scratch);
      out.set(new Float32Array(kernel.buffer, answers, count));
    },
  };
}
