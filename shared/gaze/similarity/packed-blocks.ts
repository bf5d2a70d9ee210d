import type { PackedCases } from './compared-cases.ts';
import {
  type Kernel,
  type KernelCompare,
  type KernelRow,
  type KernelScratch,
  roundUp,
} from './kernel.ts';
import type { Similarity } from './measure.ts';

/** Numbers of bytes that grow without being copied each time. */
class Addresses {
  #list = new Uint32Array(64);
  #size = 0;

  push(address: number): void {
    if (this.#size === this.#list.length) {
      const longer = new Uint32Array(2 * this.#size);
      longer.set(this.#list);
      this.#list = longer;
    }
    this.#list[this.#size] = address;
    this.#size += 1;
  }

  at(i: number): number {
    return this.#list[i] ?? 0;
  }

  range(from: number, to: number): Uint32Array {
    return this.#list.subarray(from, to);
  }
}

/** How signatures of various lengths lie in the kernel's memory, one block each, and are compared there. */
export type BlockLayout<Signature> = {
  readonly lengthOf: (signature: Signature) => number;
  /** Bytes of a block, with what may be read behind it. */
  readonly bytesOf: (length: number) => number;
  /** Writes the block; `address` is a multiple of 16. */
  readonly write: (signature: Signature, buffer: ArrayBuffer, address: number) => void;
  readonly scratchBytes: KernelScratch;
  readonly compare: KernelCompare;
  readonly row: KernelRow;
  /** The similarity of the two compared last. */
  readonly similarityOf: (relation: number, buffer: ArrayBuffer) => Similarity;
};

/** Cases compared by the kernel, one block of its memory each. */
export function packBlocks<Signature>(
  kernel: Kernel,
  layout: BlockLayout<Signature>,
): PackedCases<Signature> {
  const addresses = new Addresses();
  let longest = 0;
  /** Everything from here on may be overwritten. */
  const scratchFrom = (address: number): number => {
    kernel.reach(address + layout.scratchBytes(longest, longest));
    return address;
  };
  return {
    add: (signature) => {
      if (signature === undefined) {
        addresses.push(0);
        return;
      }
      const length = layout.lengthOf(signature);
      const address = kernel.take(layout.bytesOf(length));
      layout.write(signature, kernel.buffer, address);
      addresses.push(address);
      longest = Math.max(longest, length);
    },
    compare: (i, j) => {
      const scratch = scratchFrom(kernel.top);
      const relation = layout.compare(addresses.at(i), addresses.at(j), scratch);
      return layout.similarityOf(relation, kernel.buffer);
    },
    compareRow: (i, from, to, out) => {
      const count = to - from;
      const others = kernel.top;
      const answers = others + 4 * count;
      const scratch = scratchFrom(roundUp(answers + 4 * count));
      new Uint32Array(kernel.buffer, others, count).set(addresses.range(from, to));
      layout.row(addresses.at(i), others, count, answers, scratch);
      out.set(new Float32Array(kernel.buffer, answers, count));
    },
  };
}
