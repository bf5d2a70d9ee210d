import type { Random } from '../random.ts';

/** One scale of the noise: random numbers on a lattice, interpolated smoothly between its nodes. */
type Octave = {
  readonly nodesAcross: number;
  readonly nodes: Float32Array;
  readonly cellPx: number;
  readonly amplitude: number;
  /** For each column: the node on its left, and how much of the node on its right it has. */
  readonly left: Uint16Array;
  readonly share: Float32Array;
};

/** Smooth noise on a picture, in [0, 1], made of octaves of halving size. */
export interface Noise {
  /** Fills `line` (as long as the picture is wide) with the noise of one row. */
  fillRow(row: number, line: Float32Array): void;
}

const ease = (t: number): number => t * t * (3 - 2 * t);

/**
 * Multi-scale value noise. `largestPx` is the size of the coarsest structure in pixels; each octave is
 * half as large and half as strong.
 */
export function createNoise(
  random: Random,
  columns: number,
  rows: number,
  { largestPx, octaves }: { readonly largestPx: number; readonly octaves: number },
): Noise {
  const list: Octave[] = [];
  for (let i = 0; i < octaves; i += 1) {
    const cellPx = largestPx / 2 ** i;
    const nodesAcross = Math.ceil(columns / cellPx) + 2;
    const nodesDown = Math.ceil(rows / cellPx) + 2;
    const nodes = new Float32Array(nodesAcross * nodesDown);
    for (let k = 0; k < nodes.length; k += 1) nodes[k] = random.next();
    const left = Uint16Array.from({ length: columns }, (_, x) => Math.floor(x / cellPx));
    const share = Float32Array.from({ length: columns }, (_, x) => ease((x / cellPx) % 1));
    list.push({ nodesAcross, nodes, cellPx, amplitude: 2 ** -i, left, share });
  }
  const total = list.reduce((sum, { amplitude }) => sum + amplitude, 0);
  const between = new Float32Array(Math.max(...list.map(({ nodesAcross }) => nodesAcross)));

  const fillRow = (row: number, line: Float32Array): void => {
    line.fill(0);
    for (const { nodesAcross, nodes, cellPx, amplitude, left, share } of list) {
      const top = Math.floor(row / cellPx);
      const down = ease(row / cellPx - top);
      for (let k = 0; k < nodesAcross; k += 1) {
        const above = nodes[top * nodesAcross + k] ?? 0;
        const below = nodes[(top + 1) * nodesAcross + k] ?? 0;
        between[k] = (above + (below - above) * down) * (amplitude / total);
      }
      for (let x = 0; x < columns; x += 1) {
        const node = left[x] ?? 0;
        const from = between[node] ?? 0;
        line[x] = (line[x] ?? 0) + from + ((between[node + 1] ?? 0) - from) * (share[x] ?? 0);
      }
    }
  };
  return { fillRow };
}
