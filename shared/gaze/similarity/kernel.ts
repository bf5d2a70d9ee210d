import { kernelBytes } from './kernel.generated.ts';

/** Compares what lies at two addresses; more in double precision lies in the memory's beginning afterwards. */
export type KernelCompare = (a: number, b: number, scratch: number) => number;
/** Compares what lies at `a` with what lies at each address of a list, 0 standing for nothing, into `out`. */
export type KernelRow = (
  a: number,
  others: number,
  count: number,
  out: number,
  scratch: number,
) => void;
/** Bytes of scratch for things of at most these lengths. */
export type KernelScratch = (rows: number, columns: number) => number;

/** The functions of scripts/kernel/source; addresses in bytes. */
export type KernelFunctions = {
  readonly scanpathScratch: KernelScratch;
  readonly compareScanpaths: KernelCompare;
  readonly scanpathRow: KernelRow;
  readonly sequenceScratch: KernelScratch;
  readonly compareSequences: KernelCompare;
  readonly sequenceRow: KernelRow;
  readonly hashRow: (
    hash: bigint,
    hashes: number,
    counts: number,
    count: number,
    table: number,
    out: number,
  ) => void;
  readonly dot: (a: number, b: number, size: number) => number;
  readonly dotRow: (a: number, maps: number, size: number, count: number, out: number) => void;
};

type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number };

/** What is used of WebAssembly, which the language's own library does not declare. */
type WebAssemblyApi = {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: Memory } },
  ) => { readonly exports: KernelFunctions };
  readonly Memory: new (limits: { readonly initial: number }) => Memory;
};

const pageBytes = 65_536;
/** Room for the parameters before everything else. */
const firstAddress = 1024;

/** The next multiple of 16. Addresses reach 4 GiB: no bit operators here. */
export const roundUp = (address: number): number => Math.ceil(address / 16) * 16;

/**
 * One instance of the kernel with its own memory, which only grows. Addresses are given once and stay; views
 * are made anew after every growth, so take them where they are used.
 */
export class Kernel {
  readonly functions: KernelFunctions;
  readonly #memory: Memory;
  #top = firstAddress;

  /** Throws where this machine has no WebAssembly with 128-bit vectors. */
  constructor() {
    const api = (globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi }).WebAssembly;
    if (api === undefined) throw new Error('There is no WebAssembly.');
    this.#memory = new api.Memory({ initial: 1 });
    const module = new api.Module(kernelBytes);
    this.functions = new api.Instance(module, { env: { memory: this.#memory } }).exports;
  }

  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  /** Address of the first byte that is not taken: whatever is written there may be overwritten. */
  get top(): number {
    return this.#top;
  }

  /** Takes so many bytes; the address is a multiple of 16. Throws RangeError where there is no more memory. */
  take(bytes: number): number {
    const address = this.#top;
    const end = roundUp(address + bytes);
    this.reach(end);
    this.#top = end;
    return address;
  }

  /** Makes the memory at least so long. Throws RangeError beyond 4 GiB. */
  reach(end: number): void {
    // A vector may be read from the last number, and one number behind it.
    const missing = end + 64 - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes) + 16);
  }
}

/** A kernel, or undefined where this machine has none: then everything is computed without. */
export function createKernel(): Kernel | undefined {
  try {
    return new Kernel();
  } catch {
    return undefined;
  }
}
