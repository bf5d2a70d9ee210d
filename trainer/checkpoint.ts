import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StationError } from '../shared/station-error.ts';
import type { TrainerReport } from '../shared/trainer-protocol.ts';
import {
  DamagedFile,
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
} from './safetensors.ts';
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
  /** Steps in a row, up to this one, whose embeddings were all alike. */
  readonly alikeSteps: number;
};

const groups = ['weights', 'statistics', 'optimizer', 'accumulated', 'method'] as const;

/** Names of the newest checkpoint in a run's folder and of the one before it. */
export const checkpointName = 'checkpoint.safetensors';
export const olderCheckpointName = 'checkpoint-before.safetensors';

/** SHA-256 over the metadata, by name, where it is given, and over names and values of the tensors in their order. */
function hashContents(
  tensors: readonly NamedTensor[],
  metadata?: Readonly<Record<string, string>>,
): string {
  const hash = createHash('sha256');
  if (metadata !== undefined) {
    const byName = Object.entries(metadata).toSorted(([a], [b]) => (a < b ? -1 : 1));
    hash.update(`${JSON.stringify(byName)}\n`);
  }
  for (const { name, values } of tensors)
    hash
      .update(`${name}\n`)
      .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
}

/** Writes the checkpoint of a run, whole or not at all; the one before is kept beside it. Answers its path. */
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
    alikeSteps: String(checkpoint.alikeSteps),
  };
  const sha256 = hashContents(tensors, metadata);
  await writeWhole(file, encodeSafetensors(tensors, { ...metadata, sha256 }), async () => {
    if (existsSync(file)) await rename(file, path.join(runFolder, olderCheckpointName));
  });
  return file;
}

const whole = z.coerce.number().int().min(0);
const storedMetadata = z.object({
  step: whole,
  images: whole,
  queueIds: z
    .string()
    .default('[]')
    .transform((text) => z.array(z.number().int()).parse(JSON.parse(text))),
  // Older ones do not say.
  alikeSteps: whole.default(0),
});

function readMetadata(metadata: Readonly<Record<string, string>>): z.infer<typeof storedMetadata> {
  try {
    return storedMetadata.parse(metadata);
  } catch (error) {
    throw new DamagedFile('It does not say its step, its images or its queue.', { cause: error });
  }
}

/** Throws DamagedFile where it is cut off, changed, or without its step and images. */
function decodeCheckpoint(bytes: Buffer): Checkpoint {
  const {
    tensors,
    metadata: { sha256, ...metadata },
  } = decodeSafetensors(bytes);
  // That of older ones covers the tensors alone.
  if (sha256 !== hashContents(tensors, metadata) && sha256 !== hashContents(tensors))
    throw new DamagedFile('Its contents do not fit their hash.');
  const group = (wanted: string): Map<string, Float32Array> =>
    new Map(
      tensors
        .filter(({ name }) => name.startsWith(`${wanted}/`))
        .map(({ name, values }) => [name.slice(wanted.length + 1), values]),
    );
  return {
    ...readMetadata(metadata),
    weights: group('weights'),
    statistics: group('statistics'),
    optimizer: group('optimizer'),
    accumulated: group('accumulated'),
    method: group('method'),
  };
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Undefined where there is no such file, the damage where it is damaged. Throws StationError checkpoint-unreadable. */
async function readOne(file: string): Promise<Checkpoint | DamagedFile | undefined> {
  try {
    return decodeCheckpoint(await readFile(file));
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (error instanceof DamagedFile) return error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StationError('checkpoint-unreadable', { reason }, { cause: error });
  }
}

/**
 * The newest checkpoint of a run that is whole, of the last two, or undefined where there is none. One that is
 * damaged is removed and told: the run goes on from the one before, or begins anew. Throws StationError
 * checkpoint-unreadable where the disk or the memory fails; then nothing is removed.
 */
export async function readCheckpoint(
  runFolder: string,
  report: (report: TrainerReport) => void,
): Promise<Checkpoint | undefined> {
  let damage: string | undefined;
  for (const name of [checkpointName, olderCheckpointName]) {
    const file = path.join(runFolder, name);
    const found = await readOne(file);
    if (found instanceof DamagedFile) {
      process.stderr.write(`${name} cannot be used: ${found.message}\n`);
      damage ??= found.message;
      await rm(file);
    } else if (found !== undefined) {
      if (damage !== undefined)
        report({
          kind: 'notice',
          code: 'checkpoint-went-back',
          details: { reason: damage, step: found.step },
        });
      return found;
    }
  }
  if (damage !== undefined)
    report({ kind: 'notice', code: 'checkpoint-began-anew', details: { reason: damage } });
  return undefined;
}
