import path from 'node:path';
import { toPixels } from '../../trainer/data/decoded-image.ts';
import { ImageFolder } from '../../trainer/twin/read-images.ts';
import { badFile } from '../../trainer/twin/file-faults.ts';
import { readNumber, readTable } from '../../trainer/twin/read-table.ts';
import { findBreast } from './breast-field.ts';
import { type MarkedImage, type MarkedSet, pxPerDegreeOf, roundMark } from './marked-set.ts';
import type { Mark } from './simulated-search.ts';

/** Side of the pictures in which the marks are given, px. */
const markedSide = 1024;
const side = 256;
const shownHeightMm = 300;
const distanceMm = 600;

const columns = {
  name: ['name'],
  abnormality: ['abnormality'],
  x: ['x'],
  y: ['y'],
  r: ['r'],
} as const;

/** The middle of the breast, its dense part and its outline's quarters: where any reader looks. */
function anatomyOf(field: readonly { readonly x: number; readonly y: number }[]): Mark[] {
  const mean = (of: (place: { x: number; y: number }) => number): number =>
    field.reduce((sum, place) => sum + of(place), 0) / Math.max(1, field.length);
  const [x, y] = [mean((place) => place.x), mean((place) => place.y)];
  const spreadX = Math.sqrt(mean((place) => (place.x - x) ** 2));
  const spreadY = Math.sqrt(mean((place) => (place.y - y) ** 2));
  const around = [
    [0, 0],
    [0, -1],
    [0, 1],
    [-0.7, 0],
    [0.7, 0],
  ] as const;
  return around.map(([dx, dy]) => ({
    x: x + dx * spreadX,
    y: y + dy * spreadY,
    radiusX: 0.4 * spreadX,
    radiusY: 0.4 * spreadY,
  }));
}

/**
 * The mini-MIAS films with their lesion circles: label "abnormal" or "normal", patient = woman (films 2k-1 and 2k),
 * side by the film's number (even: left). Throws StationError file-missing, invalid-input.
 */
export async function readMammoMias(folder: string): Promise<MarkedSet> {
  const labels = path.join(folder, 'labels.csv');
  const imageFolder = path.join(folder, 'png256');
  const images = await ImageFolder.open(imageFolder);
  const films = new Map<string, { abnormal: boolean; lesions: Mark[] }>();
  for await (const { line, values } of readTable(labels, columns, ['name', 'abnormality'])) {
    const { name, abnormality, x, y, r } = values;
    if (name === undefined || abnormality === undefined)
      throw badFile(labels, line, 'no name or no abnormality');
    const film = films.get(name) ?? { abnormal: false, lesions: [] };
    films.set(name, film);
    film.abnormal ||= abnormality !== 'NORM';
    // Calcifications without a radius are spread over the breast: there is no place to look at.
    if (x === undefined || y === undefined || r === undefined) continue;
    const scale = side / markedSide;
    const read = (column: string, text: string): number => readNumber(labels, line, column, text);
    // The origin of the marks is the bottom left.
    const row = markedSide - read('y', y);
    film.lesions.push(roundMark(read('x', x) * scale, row * scale, read('r', r) * scale));
  }
  const pxPerDegree = pxPerDegreeOf(side, shownHeightMm, distanceMm);
  const marked: MarkedImage[] = [];
  for (const [name, { abnormal, lesions }] of films) {
    const file = images.find(name);
    const number = Number(/\d+$/u.exec(name)?.[0]);
    if (file === undefined || !Number.isInteger(number)) continue;
    const field = findBreast(toPixels(await images.decode(file, await images.read(file))));
    marked.push({
      file,
      label: abnormal ? 'abnormal' : 'normal',
      patient: `woman ${Math.ceil(number / 2)}`,
      laterality: number % 2 === 0 ? 'L' : 'R',
      viewPosition: 'MLO',
      scene: { columns: side, rows: side, pxPerDegree, anatomy: anatomyOf(field), field, lesions },
    });
  }
  return {
    name: 'mammo-mias',
    modality: 'MG',
    imageFolder,
    pxPerDegree,
    shownAs: `films of 1024 px, here ${side} px, shown ${shownHeightMm} mm high at ${distanceMm} mm`,
    labelMeans: 'abnormal: any abnormality is marked on the film; normal: none',
    patientMeans: 'woman: films 2k-1 and 2k',
    cite: 'Suckling et al. 1994, The Mammographic Image Analysis Society digital mammogram database (research use only)',
    images: marked,
  };
}
