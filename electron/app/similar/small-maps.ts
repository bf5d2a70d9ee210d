/** Side of the stored maps and of the small ones to which they are reduced. */
const [mapSide, smallSide] = [64, 16];
const block = mapSide / smallSide;
const cells = smallSide * smallSide;

/**
 * Heat maps reduced to 16 x 16 bytes: 260 bytes a map, so that a hundred thousand of them stay in memory and
 * are compared by their cosine within some tens of milliseconds.
 */
export class SmallMaps {
  #values = new Uint8Array(cells * 256);
  #inverseNorms = new Float32Array(256);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Number of the map, from 0; `map` holds 64 x 64 values of single precision, undefined an empty one. */
  add(map: Uint8Array | undefined): number {
    const n = this.#size;
    this.#size += 1;
    if (n >= this.#inverseNorms.length) this.#grow();
    if (map === undefined) return n;
    const fine = new Float32Array(map.slice().buffer);
    const sums = new Float64Array(cells);
    for (let y = 0; y < mapSide; y += 1)
      for (let x = 0; x < mapSide; x += 1) {
        const cell = Math.floor(y / block) * smallSide + Math.floor(x / block);
        sums[cell] = (sums[cell] ?? 0) + (fine[y * mapSide + x] ?? 0);
      }
    const top = sums.reduce((most, sum) => Math.max(most, sum), 0);
    if (top === 0) return n;
    let squares = 0;
    for (let cell = 0; cell < cells; cell += 1) {
      const value = Math.round(((sums[cell] ?? 0) / top) * 255);
      this.#values[n * cells + cell] = value;
      squares += value * value;
    }
    this.#inverseNorms[n] = squares === 0 ? 0 : 1 / Math.sqrt(squares);
    return n;
  }

  /** Cosine of two maps, 0 with an empty one. */
  cosine(i: number, j: number): number {
    const values = this.#values;
    const [a, b] = [i * cells, j * cells];
    let sum = 0;
    for (let cell = 0; cell < cells; cell += 1)
      sum += (values[a + cell] ?? 0) * (values[b + cell] ?? 0);
    return sum * (this.#inverseNorms[i] ?? 0) * (this.#inverseNorms[j] ?? 0);
  }

  #grow(): void {
    const values = new Uint8Array(this.#values.length * 2);
    values.set(this.#values);
    this.#values = values;
    const norms = new Float32Array(this.#inverseNorms.length * 2);
    norms.set(this.#inverseNorms);
    this.#inverseNorms = norms;
  }
}
