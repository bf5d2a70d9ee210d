// Agreement of the velocity filter with human coders: npm run fixation-agreement -- DIR
// (default ../shared/data/gaze-andersson2017). DIR or its folders hold <recording>_labelled_<MN|RA>.csv with the
// columns t_us,x_px,y_px,label in any order (1 fixation; 0,0 is a lost sample; 1024 x 768 px on 0.38 x 0.30 m
// at 0.67 m). One line of JSON for each recording, then one for each folder over all its samples. Exit code 2
// where a recording cannot be read: it is named and left out.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { cohensKappa } from '../shared/gaze/agreement.ts';
import type { TimedPoint } from '../shared/gaze/fixations.ts';
import { classifyGaze, gazeEvents, velocityDefaults } from '../shared/gaze/velocity-fixations.ts';
import { wordError } from '../shared/messages/error-messages.ts';
import { StationError } from '../shared/station-error.ts';
import { badFile } from '../trainer/twin/file-faults.ts';
import { readNumber, readTable } from '../trainer/twin/read-table.ts';

const degreesPerPixel = (Math.atan2(0.38 / 1024, 0.67) * 180) / Math.PI;

const columns = { t: ['t_us'], x: ['x_px'], y: ['y_px'], label: ['label'] } as const;

type Coded = { readonly points: readonly TimedPoint[]; readonly fixation: readonly boolean[] };

async function readCoded(file: string): Promise<Coded> {
  const samples: { t: number; x: number; y: number }[] = [];
  const fixation: boolean[] = [];
  for await (const { line, values } of readTable(file, columns, ['t', 'x', 'y', 'label'])) {
    const read = (column: 't' | 'x' | 'y'): number => {
      const value = values[column] ?? 'nan';
      return value.toLowerCase() === 'nan' ? Number.NaN : readNumber(file, line, column, value);
    };
    if (values.label === undefined) throw badFile(file, line, 'the sample has no label');
    samples.push({ t: read('t'), x: read('x'), y: read('y') });
    fixation.push(readNumber(file, line, 'label', values.label) === 1);
  }
  // Some files have no times, but for a stray 0 at their end: the recorder took a sample every 2 ms.
  const timed = samples.every(({ t }) => Number.isFinite(t));
  const points = samples.map(({ t, x, y }, i): TimedPoint => {
    const lost = !Number.isFinite(x + y) || (x === 0 && y === 0);
    return { tMs: timed ? t / 1000 : i * 2, x: lost ? null : x, y: lost ? null : y };
  });
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
if (!existsSync(folder) || !statSync(folder).isDirectory()) {
  console.error(`There is no folder ${folder}: name one with labelled recordings.`);
  process.exit(2);
}
const sets = [
  folder,
  ...readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name)),
];
async function judge(set: string, recording: string): Promise<Row> {
  const fileOf = (coder: string): string => path.join(set, `${recording}_labelled_${coder}.csv`);
  const first = await readCoded(fileOf('MN'));
  const second = await readCoded(fileOf('RA'));
  // One coder's file may have a few samples more at its end.
  const count = Math.min(first.points.length, second.points.length);
  const points = first.points.slice(0, count);
  const labels = classifyGaze(points, { ...velocityDefaults, degreesPerUnit: degreesPerPixel });
  return {
    ours: labels.map((label) => label === gazeEvents.fixation),
    MN: first.fixation.slice(0, count),
    RA: second.fixation.slice(0, count),
  };
}

let pairs = 0;
for (const set of sets) {
  const files = readdirSync(set).filter((name) => /_labelled_(?:MN|RA)\.csv$/u.test(name));
  const byRecording = Map.groupBy(files.toSorted(), (name) =>
    name.slice(0, name.lastIndexOf('_labelled_')),
  );
  const all: Row[] = [];
  for (const [recording, [first, second]] of byRecording) {
    if (second === undefined) {
      console.error(
        `${path.join(set, first ?? '')} is left out: the other coder's file is not there.`,
      );
      continue;
    }
    pairs += 1;
    try {
      const row = await judge(set, recording);
      report(path.basename(set), recording, row);
      all.push(row);
    } catch (error) {
      if (!(error instanceof StationError)) throw error;
      console.error(`${recording} is left out. ${wordError(error)}`);
      process.exitCode = 2;
    }
  }
  if (all.length > 0)
    report(path.basename(set), 'all', {
      ours: all.flatMap(({ ours }) => ours),
      MN: all.flatMap(({ MN }) => MN),
      RA: all.flatMap(({ RA }) => RA),
    });
}
if (pairs === 0) {
  console.error(`${folder} holds no pair of files NAME_labelled_MN.csv and NAME_labelled_RA.csv.`);
  process.exitCode = 2;
}
