/** Pairs of places, each with its relation, most alike first; of equal relations the lower places first. */
export type OrderedPairs = {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly relation: Float32Array;
};

/**
 * Keeps the `most` most alike of the pairs it is given, in memory for twice as many. Which are kept does not
 * depend on the order in which they come.
 */
export class BestPairs {
  readonly #most: number;
  #a = new Int32Array(1024);
  #b = new Int32Array(1024);
  #relation = new Float32Array(1024);
  #count = 0;
  /** Relations below it cannot be among the best any more. */
  #floor = -Infinity;

  constructor(most: number) {
    this.#most = most;
  }

  add(a: number, b: number, relation: number): void {
    if (relation < this.#floor) return;
    if (this.#count === this.#a.length) this.#makeRoom();
    this.#a[this.#count] = a;
    this.#b[this.#count] = b;
    this.#relation[this.#count] = relation;
    this.#count += 1;
  }

  /** The pairs kept, in order of their places. */
  byPlace(): OrderedPairs {
    if (this.#count > this.#most) this.#take(this.#sorted().subarray(0, this.#most));
    const [a, b] = [this.#a, this.#b];
    const order = Uint32Array.from({ length: this.#count }, (_, i) => i).sort(
      (i, j) => (a[i] ?? 0) - (a[j] ?? 0) || (b[i] ?? 0) - (b[j] ?? 0),
    );
    this.#take(order);
    return {
      a: this.#a.subarray(0, this.#count),
      b: this.#b.subarray(0, this.#count),
      relation: this.#relation.subarray(0, this.#count),
    };
  }

  #sorted(): Uint32Array {
    const [a, b, relation] = [this.#a, this.#b, this.#relation];
    return Uint32Array.from({ length: this.#count }, (_, i) => i).sort(
      (i, j) =>
        (relation[j] ?? 0) - (relation[i] ?? 0) ||
        (a[i] ?? 0) - (a[j] ?? 0) ||
        (b[i] ?? 0) - (b[j] ?? 0),
    );
  }

  #take(order: Uint32Array): void {
    const [a, b, relation] = [this.#a, this.#b, this.#relation];
    const room = Math.max(1024, order.length);
    [this.#a, this.#b, this.#relation] = [
      new Int32Array(room),
      new Int32Array(room),
      new Float32Array(room),
    ];
    for (const [k, i] of order.entries()) {
      this.#a[k] = a[i] ?? 0;
      this.#b[k] = b[i] ?? 0;
      this.#relation[k] = relation[i] ?? 0;
    }
    this.#count = order.length;
  }

  #makeRoom(): void {
    if (this.#count >= 2 * this.#most) {
      this.#take(this.#sorted().subarray(0, this.#most));
      this.#floor = this.#relation[this.#most - 1] ?? -Infinity;
    }
    const room = Math.min(2 * this.#most, Math.max(2 * this.#count, 1024));
    const grow = <List extends Int32Array | Float32Array>(list: List, made: List): List => {
      made.set(list.subarray(0, this.#count));
      return made;
    };
    this.#a = grow(this.#a, new Int32Array(room));
    this.#b = grow(this.#b, new Int32Array(room));
    this.#relation = grow(this.#relation, new Float32Array(room));
  }
}
