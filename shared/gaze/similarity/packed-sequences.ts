import type { PackedCases } from './compared-cases.ts';
import type { Moments } from './hu-moments.ts';
import type { Kernel } from './kernel.ts';
import { packBlocks } from './packed-blocks.ts';
import type { TimaOptions } from './tima.ts';

/**
 * Sequences of moments compared by the kernel: equal to `createTima(options)` bit for bit. The order of the two
 * matters only where several alignments are equally cheap.
 */
export function packSequences(
  kernel: Kernel,
  { weights }: Pick<TimaOptions, 'weights'>,
): PackedCases<readonly Moments[]> {
  new Float64Array(kernel.buffer, 0, 2).set([weights.mu, weights.hu]);
  const { sequenceScratch, compareSequences, sequenceRow } = kernel.functions;
  return packBlocks(kernel, {
    lengthOf: ({ length }) => length,
    bytesOf: (length) => 16 * (1 + length),
    write: (moments, buffer, address) => {
      new Int32Array(buffer, address, 1)[0] = moments.length;
      const numbers = new Float64Array(buffer, address + 16, 2 * moments.length);
      for (const [k, { mu, hu }] of moments.entries()) numbers.set([mu, hu], 2 * k);
    },
    scratchBytes: sequenceScratch,
    compare: compareSequences,
    row: sequenceRow,
    similarityOf: (relation) => ({ relation, parts: [relation] }),
  });
}
