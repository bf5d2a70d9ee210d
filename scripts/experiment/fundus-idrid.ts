import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { StationError } from '../../shared/station-error.ts';
import { ImageFolder } from '../../trainer/twin/read-images.ts';
import { badFile } from '../../trainer/twin/file-faults.ts';
import { readNumber } from '../../trainer/twin/read-table.ts';
import { type MarkedImage, type MarkedSet, pxPerDegreeOf, roundMark } from './marked-set.ts';
import type { Mark } from './simulated-search.ts';

const [columns, rows] = [512, 340];
const shownHeightMm = 300;
const distanceMm = 600;
/** The camera's field (50 degrees of the eye) is about 410 px wide on these pictures. */
const pxPerEyeDegree = 410 / 50;
/** From disc to fovea, degrees of the eye; the fovea lies lower. */
const [foveaAcross, foveaDown] = [15.5, 1.5];

type Box = Mark & { readonly kind: number };

async function readBoxes(file: string): Promise<readonly Box[]> {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/u);
  return lines.flatMap((text, i) => {
    if (text.trim() === '') return [];
    const fields = text.trim().split(/\s+/u);
    if (fields.length !== 5)
      throw badFile(file, i + 1, `${fields.length} fields, a box has 5: class x y width height`);
    const [kind = 0, x = 0, y = 0, width = 0, height = 0] = fields.map((field) =>
      readNumber(file, i + 1, 'a box', field),
    );
    return [
      {
        kind,
        x: x * columns - 0.5,
        y: y * rows - 0.5,
        radiusX: (width * columns) / 2,
        radiusY: (height * rows) / 2,
      },
    ];
  });
}

/** Places inside the round picture. */
const field = Array.from({ length: 40 * 30 }, (_, k) => ({
  x: ((k % 40) + 0.5) * (columns / 40),
  y: (Math.floor(k / 40) + 0.5) * (rows / 30),
})).filter(({ x, y }) => Math.hypot(x - 237, y - 170) < 195);

/**
 * Fundus photographs of IDRiD with boxes about disc, hard exudates and haemorrhages: label "signs" where any lesion
 * is boxed, otherwise "none". Patients are not known: neighbouring numbers count as one. An image without a disc is
 * left out. Throws StationError file-missing, invalid-input.
 */
export async function readFundusIdrid(folder: string): Promise<MarkedSet> {
  const imageFolder = path.join(folder, 'jpg512');
  const boxFolder = path.join(folder, 'boxes');
  const images = await ImageFolder.open(imageFolder);
  if (!existsSync(boxFolder)) throw new StationError('file-missing', { file: boxFolder });
  const pxPerDegree = pxPerDegreeOf(rows, shownHeightMm, distanceMm);
  const marked: MarkedImage[] = [];
  for (const name of (await readdir(boxFolder))
    .filter((each) => each.endsWith('.txt'))
    .toSorted()) {
    const stem = path.parse(name).name;
    const file = images.find(stem);
    const boxes = await readBoxes(path.join(boxFolder, name));
    const disc = boxes.find(({ kind }) => kind === 0);
    if (file === undefined || disc === undefined) continue;
    const lesions = boxes.filter(({ kind }) => kind !== 0);
    // The disc lies on the side of the nose.
    const right = disc.x > columns / 2;
    const fovea = roundMark(
      disc.x + (right ? -1 : 1) * foveaAcross * pxPerEyeDegree,
      disc.y + foveaDown * pxPerEyeDegree,
      disc.radiusX,
    );
    marked.push({
      file,
      label: lesions.length > 0 ? 'signs' : 'none',
      patient: `pair ${Math.ceil(Number(stem) / 2)}`,
      laterality: right ? 'R' : 'L',
      viewPosition: null,
      scene: { columns, rows, pxPerDegree, anatomy: [disc, fovea], field, lesions },
    });
  }
  return {
    name: 'fundus-idrid',
    modality: 'OP',
    imageFolder,
    pxPerDegree,
    shownAs: `pictures of 4288 x 2848 px, here ${columns} x ${rows} px, shown ${shownHeightMm} mm high at ${distanceMm} mm`,
    labelMeans: 'signs: a hard exudate or a haemorrhage is boxed; none: neither',
    patientMeans: 'not known: neighbouring numbers (2k-1, 2k) are kept together',
    cite: 'IDRiD (Porwal et al. 2018), CC BY 4.0; boxes von Csefalvay 2019, CC BY-SA 4.0',
    images: marked,
  };
}
