/** Letters of 5 x 7 dots, one string a row, for words burnt into simulated pictures. */
const letters: Readonly<Record<string, readonly string[]>> = {
  A: ['.###.', '#...#', '#...#', '#####', '#...#', '#...#', '#...#'],
  C: ['.####', '#....', '#....', '#....', '#....', '#....', '.####'],
  D: ['####.', '#...#', '#...#', '#...#', '#...#', '#...#', '####.'],
  E: ['#####', '#....', '#....', '####.', '#....', '#....', '#####'],
  I: ['#####', '..#..', '..#..', '..#..', '..#..', '..#..', '#####'],
  L: ['#....', '#....', '#....', '#....', '#....', '#....', '#####'],
  M: ['#...#', '##.##', '#.#.#', '#.#.#', '#...#', '#...#', '#...#'],
  O: ['.###.', '#...#', '#...#', '#...#', '#...#', '#...#', '.###.'],
  R: ['####.', '#...#', '#...#', '####.', '#.#..', '#..#.', '#...#'],
  S: ['.####', '#....', '#....', '.###.', '....#', '....#', '####.'],
  T: ['#####', '..#..', '..#..', '..#..', '..#..', '..#..', '..#..'],
  U: ['#...#', '#...#', '#...#', '#...#', '#...#', '#...#', '.###.'],
};

/** Pixels that a word takes, at `scale` pixels a dot. */
export function measureWord(
  word: string,
  scale: number,
): { readonly columns: number; readonly rows: number } {
  return { columns: (word.length * 6 - 1) * scale, rows: 7 * scale };
}

/** Writes a word (letters of the table above, and spaces) into pixels, its top left corner at (left, top). */
export function burnWord(
  pixels: Uint16Array,
  columns: number,
  word: string,
  { left, top, scale, value }: { left: number; top: number; scale: number; value: number },
): void {
  for (const [n, letter] of word.split('').entries()) {
    for (const [r, dots] of (letters[letter] ?? []).entries()) {
      for (const [c, dot] of dots.split('').entries()) {
        if (dot !== '#') continue;
        for (let dy = 0; dy < scale; dy += 1) {
          const start = (top + r * scale + dy) * columns + left + (n * 6 + c) * scale;
          pixels.fill(value, start, start + scale);
        }
      }
    }
  }
}
