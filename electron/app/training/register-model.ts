import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { findModel, findModelOfRun, registerModel } from '../../../shared/database/models.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { findRun } from '../../../shared/database/runs.ts';
import { runConfiguration } from '../../../shared/training/run-configuration.ts';
import { refreshModelCard } from './model-card-file.ts';
import { adoptEncoder } from './model-files.ts';
import { runFolderOf } from './run-answers.ts';

/** Of a run's run.json, the images that took part. */
const imagesOfRun = z.object({ images: z.array(z.object({ sha256: z.string().length(64) })) });

/** Hashes of the images that a run trained on; empty where its record is not there or cannot be read. */
export function readImageHashes(dataFolder: string, runId: number): readonly string[] {
  const file = path.join(runFolderOf(dataFolder, runId), 'run.json');
  if (!existsSync(file)) return [];
  try {
    const parsed = imagesOfRun.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data.images.map(({ sha256 }) => sha256) : [];
  } catch {
    return [];
  }
}

/** The model whose weights a run began with; undefined where it began with others. */
function findBegin(database: WriteDatabase, runId: number): number | undefined {
  const configuration = findRun(database, runId)?.configuration ?? '{}';
  const { data } = runConfiguration.safeParse(JSON.parse(configuration));
  return data?.initialWeights.from === 'model' ? data.initialWeights.version : undefined;
}

/**
 * Makes the encoder that a run has saved a model, and the challenger. A run that was taken up again after it had
 * saved its encoder gives the same one; it is not registered twice. Throws what adoptEncoder throws.
 */
export function registerEncoder(
  database: WriteDatabase,
  dataFolder: string,
  encoder: {
    readonly runId: number;
    /** In the run's folder. */
    readonly file: string;
    readonly sha256: string;
    readonly parameters: number;
  },
  nowMs: number,
): void {
  const { runId, sha256, parameters } = encoder;
  if (findModelOfRun(database, runId)?.sha256 === sha256) return;
  const file = adoptEncoder(dataFolder, {
    runId,
    sha256,
    file: `runs/${runId}/${encoder.file}`,
  });
  const version = registerModel(database, {
    runId,
    file,
    sha256,
    parameterCount: parameters,
    createdAtMs: nowMs,
    imageHashes: readImageHashes(dataFolder, runId),
    begunFrom: findBegin(database, runId),
  });
  const model = findModel(database, version);
  if (model !== undefined) refreshModelCard({ database, dataFolder }, model);
}
