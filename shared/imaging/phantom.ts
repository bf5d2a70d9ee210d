import { createRandom, type Random } from '../random.ts';
import type { PhantomCase } from './phantom-case.ts';
import { burnWord, measureWord } from './phantom-letters.ts';
import { createNoise } from './phantom-noise.ts';
import {
  type BreastShape,
  columnOf,
  depthInside,
  lesionsIn,
  type PhantomLesion,
  phantomColumns,
  phantomRows,
  type PhantomView,
  shapeOf,
} from './phantom-shape.ts';

/** Twelve bits, 0 black. */
const white = 4095;

/** A simulated mammogram as it is presented: bright is dense, the background is 0. Row-major. */
export type PhantomPicture = {
  readonly columns: number;
  readonly rows: number;
  readonly pixels: Uint16Array;
  readonly lesions: readonly PhantomLesion[];
};

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

/** How much of the muscle covers a place: 1 inside, 0 outside, a soft edge of 24 px. */
function muscleAt(shape: BreastShape, x: number, y: number): number {
  if (shape.pectoral === undefined) return 0;
  const edge = shape.pectoral.topX * (1 - y / shape.pectoral.bottomY);
  return clamp((edge - x) / 24);
}

function addMass(pixels: Uint16Array, { x, y, radiusPx }: PhantomLesion, random: Random): void {
  const spikes = 7 + random.below(5);
  const turn = random.next() * Math.PI;
  const reach = Math.ceil(radiusPx * 1.6);
  for (let dy = -reach; dy <= reach; dy += 1)
    for (let dx = -reach; dx <= reach; dx += 1) {
      const edge = radiusPx * (1 + 0.12 * Math.cos(spikes * Math.atan2(dy, dx) + turn));
      const strength = clamp((edge - Math.hypot(dx, dy)) / (0.8 * radiusPx));
      lighten(pixels, Math.round(x) + dx, Math.round(y) + dy, 850 * strength);
    }
}

function addCalcifications(
  pixels: Uint16Array,
  { x, y, radiusPx }: PhantomLesion,
  random: Random,
): void {
  const grains = 9 + random.below(7);
  for (let i = 0; i < grains; i += 1) {
    const away = radiusPx * Math.sqrt(random.next());
    const angle = 2 * Math.PI * random.next();
    const size = 1 + random.below(2);
    const column = Math.round(x + away * Math.cos(angle));
    const row = Math.round(y + away * Math.sin(angle));
    for (let dy = 0; dy <= size; dy += 1)
      for (let dx = 0; dx <= size; dx += 1) lighten(pixels, column + dx, row + dy, 1300);
  }
}

function lighten(pixels: Uint16Array, column: number, row: number, by: number): void {
  if (by <= 0 || column < 0 || row < 0 || column >= phantomColumns || row >= phantomRows) return;
  const i = row * phantomColumns + column;
  const before = pixels[i] ?? 0;
  // Outside the breast there is nothing to lie in.
  if (before > 0) pixels[i] = Math.min(white, before + by);
}

/** The word stands in the corner that is farthest from the chest wall, above. */
function burnLabel(pixels: Uint16Array, view: PhantomView): void {
  const scale = 3;
  const { columns } = measureWord('SIMULATED', scale);
  const left = view.laterality === 'L' ? phantomColumns - columns - 12 : 12;
  burnWord(pixels, phantomColumns, 'SIMULATED', { left, top: 12, scale, value: white });
}

/**
 * Draws one picture of a simulated woman: outline and skin line, glandular tissue as multi-scale noise
 * behind the nipple, the pectoral muscle in MLO, her findings, quantum noise, and the word SIMULATED in
 * a corner. The same case and view give the same pixels. It resembles a mammogram and is none: nothing
 * learnt or measured on it says anything about patients.
 */
export function renderPhantom(woman: PhantomCase, view: PhantomView): PhantomPicture {
  const isOblique = view.viewPosition === 'MLO';
  const random = createRandom(woman.seed + (view.laterality === 'L' ? 1 : 2) + (isOblique ? 4 : 0));
  const shape = shapeOf(woman, view.viewPosition);
  const width = Math.min(phantomColumns, Math.ceil(shape.depthPx));
  const tissue = createNoise(random, width, phantomRows, { largestPx: 96, octaves: 5 });
  const line = new Float32Array(width);
  const pixels = new Uint16Array(phantomColumns * phantomRows);
  for (let row = 0; row < phantomRows; row += 1) {
    tissue.fillRow(row, line);
    for (let x = 0; x < width; x += 1) {
      const inside = depthInside(shape, x, row);
      if (inside <= 0) continue;
      const thickness = Math.sqrt(clamp(inside / 0.2));
      const skin = inside < 0.015 ? 500 : 0;
      const envelope = clamp(1.7 * inside) * clamp(0.35 + (1.1 * x) / shape.depthPx);
      const noise = line[x] ?? 0;
      const gland = clamp((noise - 0.62 + 0.3 * woman.density) * 4) * envelope;
      const muscle = muscleAt(shape, x, row);
      const value =
        260 + thickness * (360 + 420 * noise + 1500 * gland * (1 - muscle) + 1000 * muscle) + skin;
      const grain = 90 * (random.next() - 0.5);
      pixels[row * phantomColumns + columnOf(view.laterality, x)] = Math.max(
        1,
        Math.min(white, Math.round(value + grain)),
      );
    }
  }
  const lesions = lesionsIn(woman, view);
  for (const lesion of lesions) {
    if (lesion.kind === 'mass') addMass(pixels, lesion, random);
    else addCalcifications(pixels, lesion, random);
  }
  burnLabel(pixels, view);
  return { columns: phantomColumns, rows: phantomRows, pixels, lesions };
}
