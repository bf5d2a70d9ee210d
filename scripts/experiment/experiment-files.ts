import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../trainer/write-file.ts';
import type { MarkedSet } from './marked-set.ts';
import { simulateSearch } from './simulated-search.ts';

/** A way in which gaze is simulated; the arm's name and what it is there for. */
export type SimulatedArm = {
  readonly name: string;
  readonly lesions: boolean;
  readonly errorDegrees: number;
  readonly shuffled: boolean;
  readonly describes: string;
};

/** Gaze on lesions, and its controls. */
export const simulatedArms: readonly SimulatedArm[] = [
  {
    name: 'gaze',
    lesions: true,
    errorDegrees: 0,
    shuffled: false,
    describes: 'SIMULATED search that dwells on the real lesion marks',
  },
  {
    name: 'shuffled',
    lesions: true,
    errorDegrees: 0,
    shuffled: true,
    describes: 'control: each image has the SIMULATED gaze of another of its side and view',
  },
  {
    name: 'anatomy',
    lesions: false,
    errorDegrees: 0,
    shuffled: false,
    describes: 'control: the same SIMULATED search without any visit of a lesion',
  },
  ...[1, 2, 4].map((errorDegrees) => ({
    name: `err${errorDegrees}`,
    lesions: true,
    errorDegrees,
    shuffled: false,
    describes: `the SIMULATED gaze of the arm "gaze", each track shifted by a tracker's error of ${errorDegrees} degrees on average`,
  })),
];

const field = (value: string | number): string =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : `"${value}"`;

const table = (rows: readonly (readonly (string | number)[])[]): string =>
  `${rows.map((row) => row.map(field).join(',')).join('\n')}\n`;

/** The files of a set as a twin run reads them. */
export type ExperimentFiles = {
  readonly labelsFile: string;
  /** By arm. */
  readonly gazeFiles: ReadonlyMap<string, string>;
};

/** Writes labels and SIMULATED gaze of a set into a folder; the same seed gives the same files. */
export async function writeExperimentFiles(
  { images }: MarkedSet,
  folder: string,
  seed: number,
): Promise<ExperimentFiles> {
  await mkdir(folder, { recursive: true });
  const labelsFile = path.join(folder, 'labels.csv');
  await writeWhole(
    labelsFile,
    table([
      ['image', 'label', 'patient', 'laterality', 'view'],
      ...images.map(({ file, label, patient, laterality, viewPosition }) => [
        file,
        label,
        patient,
        laterality ?? '',
        viewPosition ?? '',
      ]),
    ]),
  );
  const gazeFiles = new Map<string, string>();
  for (const { name, lesions, errorDegrees, shuffled } of simulatedArms) {
    // Shuffling is the twin run's: it takes the gaze as it is.
    if (shuffled) continue;
    const rows = images.flatMap(({ file, scene }, i) =>
      simulateSearch(scene, { lesions, errorDegrees, seed: seed * 100_003 + i }).map(
        ({ tMs, at }) => [
          file,
          'simulated',
          tMs,
          at?.x ?? '',
          at?.y ?? '',
          Number(at !== undefined),
        ],
      ),
    );
    const file = path.join(folder, `simulated-gaze-${name}.csv`);
    await writeWhole(file, table([['image', 'reader', 'time_ms', 'x', 'y', 'valid'], ...rows]));
    gazeFiles.set(name, file);
  }
  return { labelsFile, gazeFiles };
}
