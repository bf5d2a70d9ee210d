/** Pairs of places, each with its relation, in the order in which they came. */
export type OrderedPairs = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly relation: Float32Array;
};

/** Places of one key: more pairs cannot be told apart by it. */
const mostPlaces = 1 << 22;

const smallest = 1024;

/**
 * Keeps the `most` most alike of the pairs it is given, in memory for twice as many; of pairs that are equally
 * alike those that came first. Relations lie in [0, 1], in single precision.
 */
export class BestPairs {
  readonly #most: number;
  #a = new Int32Array(smallest);
  #b = new Int32Array(smallest);
  #relation = new Float32Array(smallest);
  #count = 0;
  /** Once enough are there: what is not more alike cannot be among the best any more. */
  #floor = -1;

  /** Throws where `most` is more than 2 million. */
  constructor(most: number) {
    if (2 * most > mostPlaces) throw new Error(`At most ${mostPlaces / 2} pairs can be kept.`);
    this.#most = most;
  }

  add(a: number, b: number, relation: number): void {
    if (relation <= this.#floor) return;
    if (this.#count === this.#a.length) this.#makeRoom();
    this.#a[this.#count] = a;
    this.#b[this.#count] = b;
    this.#relation[this.#count] = relation;
    this.#count += 1;
  }

  /** The pairs kept. */
  list(): OrderedPairs {
    if (this.#count > this.#most) this.#drop();
    return {
      a: this.#a.subarray(0, this.#count),
      b: this.#b.subarray(0, this.#count),
      relation: this.#relation.subarray(0, this.#count),
    };
  }

  #makeRoom(): void {
    if (this.#count >= 2 * this.#most) {
      this.#drop();
      return;
    }
    const room = Math.max(smallest, Math.min(2 * this.#most, 2 * this.#count));
    const [a, b, relation] = [new Int32Array(room), new Int32Array(room), new Float32Array(room)];
    a.set(this.#a);
    b.set(this.#b);
    relation.set(this.#relation);
    [this.#a, this.#b, this.#relation] = [a, b, relation];
  }

  /** Drops all but the best, and leaves these in their order. */
  #drop(): void {
    // The bits of numbers from 0 to 1 rise with them: one key holds both how alike and how early, below 2^53.
    const bits = new Uint32Array(this.#relation.buffer, 0, this.#count);
    const keys = Float64Array.from(bits, (each, place) => (0x3f800000 - each) * mostPlaces + place);
    keys.sort();
    const kept = Uint32Array.from(keys.subarray(0, this.#most), (key) => key % mostPlaces).sort();
    for (const [k, place] of kept.entries()) {
      this.#a[k] = this.#a[place] ?? 0;
      this.#b[k] = this.#b[place] ?? 0;
      this.#relation[k] = this.#relation[place] ?? 0;
    }
    this.#count = kept.length;
    this.#floor = this.#relation
      .subarray(0, this.#count)
      .reduce((least, relation) => Math.min(least, relation), 1);
  }
}
