/** A seeded generator of random numbers; its state can be stored and restored. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform integer in [0, 2^32). */
  uint32(): number;
  /** Standard normal deviate (Box-Muller; no second value is kept, so the state is all there is). */
  normal(): number;
  /** Uniform integer in [0, below). */
  below(limit: number): number;
  /** Four 32-bit words. */
  state(): readonly number[];
  /** Continues from a state; throws where it is not four words, not all zero. */
  restore(state: readonly number[]): void;
}

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** splitmix32: spreads one seed over the four words of the state. */
function spread(seed: number): Int32Array {
  const words = new Int32Array(4);
  let x = seed | 0;
  for (let i = 0; i < 4; i += 1) {
    x = (x + 0x9e3779b9) | 0;
    let z = x;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    words[i] = z ^ (z >>> 15);
  }
  return words;
}

/** xoshiro128** (Blackman and Vigna 2018) seeded by splitmix32. The same seed gives the same numbers everywhere. */
export function createRandom(seed: number): Random {
  // In an array: as variables of the closure words above 2 ** 30 would each be a new number on the heap.
  const words = spread(seed);
  const uint32 = (): number => {
    const a = words[0] ?? 0;
    const b = words[1] ?? 0;
    const c = (words[2] ?? 0) ^ a;
    const d = (words[3] ?? 0) ^ b;
    words[0] = a ^ d;
    words[1] = b ^ c;
    words[2] = c ^ (b << 9);
    words[3] = rotateLeft(d, 11);
    return Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
  };
  const next = (): number => uint32() / 4294967296;
  return {
    next,
    uint32,
    below: (limit) => Math.floor(next() * limit),
    normal: () => {
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      return radius * Math.cos(2 * Math.PI * next());
    },
    state: () => Array.from(words, (word) => word >>> 0),
    restore: (state) => {
      if (state.length !== words.length || state.every((word) => (word | 0) === 0))
        throw new Error('A generator is restored from four words that are not all zero.');
      words.set(state.map((word) => word | 0));
    },
  };
}

/** The items in a random order (Fisher and Yates); the source is left as it was. */
export function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = random.below(i + 1);
    [result[i], result[j]] = [result[j] as Item, result[i] as Item];
  }
  return result;
}
