import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { writeWhole } from './write-file.ts';

/** Everything that a run needs to go on exactly where it was; plain arrays in named groups. */
export type Checkpoint = {
  /** Steps done; always whole epochs. */
  readonly step: number;
  /** Images that the run trains on: with another number it could not go on where it was. */
  readonly images: number;
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly statistics: ReadonlyMap<string, Float32Array>;
  readonly optimizer: ReadonlyMap<string, Float32Array>;
  /** Gradients of iterations that have not completed a step of the optimiser. */
  readonly accumulated: ReadonlyMap<string, Float32Array>;
  readonly method: ReadonlyMap<string, Float32Array>;
  readonly queueIds: readonly number[];
};

const groups = ['weights', 'statistics', 'optimizer', 'accumulated', 'method'] as const;

/** Name of the checkpoint in a run's folder. */
export const checkpointName = 'checkpoint.safetensors';

/** Writes the checkpoint of a run; the one before stays until the new one is whole. Answers its path. */
export async function writeCheckpoint(runFolder: string, checkpoint: Checkpoint): Promise<string> {
  const tensors = groups.flatMap((group) =>
    [...checkpoint[group]].map(([name, values]) => ({
      name: `${group}/${name}`,
      shape: [values.length],
      values,
    })),
  );
  const file = path.join(runFolder, checkpointName);
  const metadata = {
    step: String(checkpoint.step),
    images: String(checkpoint.images),
    queueIds: JSON.stringify(checkpoint.queueIds),
  };
  await writeWhole(file, encodeSafetensors(tensors, metadata));
  return file;
}

/** The last checkpoint of a run, or undefined where there is none. Throws where it is damaged. */
export async function readCheckpoint(runFolder: string): Promise<Checkpoint | undefined> {
  const file = path.join(runFolder, checkpointName);
  if (!existsSync(file)) return undefined;
  const { tensors, metadata } = decodeSafetensors(await readFile(file));
  const step = Number(metadata['step']);
  const images = Number(metadata['images']);
  if (!Number.isInteger(step) || !Number.isInteger(images))
    throw new Error('The checkpoint does not say its step and its images.');
  const group = (wanted: string): Map<string, Float32Array> =>
    new Map(
      tensors
        .filter(({ name }) => name.startsWith(`${wanted}/`))
        .map(({ name, values }) => [name.slice(wanted.length + 1), values]),
    );
  return {
    step,
    images,
    weights: group('weights'),
    statistics: group('statistics'),
    optimizer: group('optimizer'),
    accumulated: group('accumulated'),
    method: group('method'),
    queueIds: JSON.parse(metadata['queueIds'] ?? '[]') as number[],
  };
}
