/**
 * Makes assets/demonstration from the folders fundus-idrid and fundus-cc0, whose parent is the first
 * argument: copies the chosen pictures as they are and writes library.json. Run once; its result is kept
 * in the repository.
 */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import jpeg from 'jpeg-js';
import { findStructures, type Structure } from './fundus-structures.ts';

const idridCredit =
  'IDRiD © 2018 P. Porwal, S. Pachade, R. Kamble, M. Kokare, G. Deshmukh, V. Sahasrabuddhe, F. Meriaudeau; CC BY 4.0; scaled to 512 × 340';
const retinaCredit = 'Mikael Häggström; CC0 1.0';
const chosenPictures = 36;

type Candidate = { readonly file: string; readonly structures: readonly Structure[] };

function read(file: string): Candidate {
  const { width, height, data } = jpeg.decode(readFileSync(file), { useTArray: true });
  return { file, structures: findStructures({ width, height, data }) };
}

const spotsOf = ({ structures }: Candidate): number =>
  structures.reduce((sum, { kind, contrast }) => sum + (kind === 'disc' ? 0 : contrast), 0);

/** Half with the most and half with the fewest spots, taken evenly from the upper and lower third. */
function choose(candidates: readonly Candidate[]): readonly Candidate[] {
  const ranked = candidates.toSorted((a, b) => spotsOf(b) - spotsOf(a));
  const third = Math.floor(ranked.length / 3);
  const half = chosenPictures / 2;
  const pick = (list: readonly Candidate[]): Candidate[] =>
    Array.from({ length: half }, (_, i) => list[Math.floor((i * list.length) / half)]).filter(
      (candidate) => candidate !== undefined,
    );
  return [...pick(ranked.slice(0, third)), ...pick(ranked.slice(-third))].toSorted((a, b) =>
    a.file.localeCompare(b.file),
  );
}

function describe(
  candidate: Candidate,
  number: number,
  attribution: string,
  laterality: 'L' | null,
): unknown {
  const name = path.basename(candidate.file);
  const label = `F${String(number).padStart(2, '0')}`;
  return {
    studyUid: `demonstration:fundus:${path.parse(name).name}`,
    patient: `Demonstration ${label}`,
    description: 'Fundus photograph (demonstration)',
    modality: 'OP',
    studyDate: '',
    images: [
      {
        file: `fundus/${name}`,
        laterality,
        attribution,
        simulated: false,
        structures: candidate.structures.map(({ kind, x, y, contrast }) => ({
          kind,
          x,
          y,
          contrast,
        })),
      },
    ],
  };
}

const [source] = process.argv.slice(2);
if (source === undefined)
  throw new Error('Name the folder that holds fundus-idrid and fundus-cc0.');
const target = path.resolve(import.meta.dirname, '../assets/demonstration');
const pictures = path.join(source, 'fundus-idrid/jpg512');
const chosen = choose(
  readdirSync(pictures)
    .filter((name) => name.endsWith('.jpg'))
    .map((name) => read(path.join(pictures, name))),
);
rmSync(path.join(target, 'fundus'), { recursive: true, force: true });
mkdirSync(path.join(target, 'fundus'), { recursive: true });
const retina = read(path.join(source, 'fundus-cc0/retina.jpg'));
for (const { file } of [...chosen, retina])
  copyFileSync(file, path.join(target, 'fundus', path.basename(file)));
const studies = [
  ...chosen.map((candidate, i) => describe(candidate, i + 1, idridCredit, null)),
  describe(retina, chosen.length + 1, retinaCredit, 'L'),
];
writeFileSync(path.join(target, 'library.json'), `${JSON.stringify({ studies }, null, 1)}\n`);
console.log(`${studies.length} studies`);
