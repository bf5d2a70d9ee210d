// Agreement of the velocity filter with human coders: npm run fixation-agreement -- DIR
// (default ../shared/data/gaze-andersson2017). DIR or its folders hold <recording>_labelled_<MN|RA>.csv:
// t_us,pupil_w,pupil_h,x_px,y_px,label (1 fixation; 0,0 is a lost sample; 1024 x 768 px on 0.38 x 0.30 m
// at 0.67 m). One line of JSON for each recording, then one for each folder over all its samples.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cohensKappa } from '../shared/gaze/agreement.ts';
import type { TimedPoint } from '../shared/gaze/fixations.ts';
import { classifyGaze, gazeEvents, velocityDefaults } from '../shared/gaze/velocity-fixations.ts';

const degreesPerPixel = (Math.atan2(0.38 / 1024, 0.67) * 180) / Math.PI;

type Coded = { readonly points: readonly TimedPoint[]; readonly fixation: readonly boolean[] };

function readCoded(file: string): Coded {
  const points: TimedPoint[] = [];
  const fixation: boolean[] = [];
  for (const [i, line] of readFileSync(file, 'utf8').trim().split('\n').entries()) {
    if (i === 0) continue;
    const [t, , , x, y, label] = line.split(',').map(Number);
    if (t === undefined || x === undefined || y === undefined || label === undefined)
      throw new Error(`${file}, line ${i + 1}: six numbers are expected.`);
    const lost = x === 0 && y === 0;
    // Some files have no times: the recorder took a sample every 2 ms.
    points.push({
      tMs: Number.isFinite(t) ? t / 1000 : i * 2,
      x: lost ? null : x,
      y: lost ? null : y,
    });
    fixation.push(label === 1);
  }
  return { points, fixation };
}

type Row = { ours: readonly boolean[]; MN: readonly boolean[]; RA: readonly boolean[] };

function report(set: string, recording: string, { ours, MN, RA }: Row): void {
  const round = (value: number): number | null =>
    Number.isFinite(value) ? Math.round(value * 1e4) / 1e4 : null;
  console.log(
    JSON.stringify({
      set,
      recording,
      samples: ours.length,
      kappaMN: round(cohensKappa(ours, MN)),
      kappaRA: round(cohensKappa(ours, RA)),
      coders: round(cohensKappa(MN, RA)),
    }),
  );
}

const folder = path.resolve(
  process.argv[2] ?? path.resolve(import.meta.dirname, '../../shared/data/gaze-andersson2017'),
);
if (!existsSync(folder)) {
  console.error(`There is no folder ${folder}: name one with labelled recordings.`);
  process.exit(2);
}
const sets = [
  folder,
  ...readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name)),
];
let recordings = 0;
for (const set of sets) {
  const ending = '_labelled_MN.csv';
  const all: Row[] = [];
  for (const name of readdirSync(set).toSorted()) {
    const other = path.join(set, name.replace(ending, '_labelled_RA.csv'));
    if (!name.endsWith(ending) || !existsSync(other)) continue;
    const first = readCoded(path.join(set, name));
    const second = readCoded(other);
    // One coder's file may have a few samples more at its end.
    const count = Math.min(first.points.length, second.points.length);
    const points = first.points.slice(0, count);
    const labels = classifyGaze(points, { ...velocityDefaults, degreesPerUnit: degreesPerPixel });
    const row: Row = {
      ours: labels.map((label) => label === gazeEvents.fixation),
      MN: first.fixation.slice(0, count),
      RA: second.fixation.slice(0, count),
    };
    report(path.basename(set), name.slice(0, -ending.length), row);
    all.push(row);
  }
  if (all.length > 0)
    report(path.basename(set), 'all', {
      ours: all.flatMap(({ ours }) => ours),
      MN: all.flatMap(({ MN }) => MN),
      RA: all.flatMap(({ RA }) => RA),
    });
  recordings += all.length;
}
if (recordings === 0) {
  console.error(`${folder} holds no pair of files NAME_labelled_MN.csv and NAME_labelled_RA.csv.`);
  process.exitCode = 2;
}
