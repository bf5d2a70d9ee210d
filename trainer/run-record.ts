import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { splitParts } from '../shared/training/evaluation-result.ts';
import { measureNames, runConfiguration } from '../shared/training/run-configuration.ts';
import { engineRecord } from './engine/check-outcome.ts';
import { priorities } from './give-way.ts';
import { writeWhole } from './write-file.ts';

const chanceRecord = z.object({
  group: z.string(),
  threshold: z.number().nullable(),
  falsePositiveRate: z.number(),
  falseDiscoveryRate: z.number().nullable(),
  chancePairs: z.number().int(),
});

const runRecord = z.object({
  runId: z.number().int(),
  notice: z.literal('Research use only. Not for diagnosis.'),
  /** Fovea's version that began the run. */
  appVersion: z.string(),
  /**
   * What computed it, from its beginning on: one entry more each time that it went on with another version or number of
   * threads. Weights are the same bit for bit only with the same number of threads. Absent in older runs.
   */
  computedBy: z
    .array(z.object({ appVersion: z.string(), threads: z.number().int().nullable() }))
    .optional(),
  configuration: runConfiguration,
  /** Readings whose gaze takes part. */
  readingIds: z.array(z.number().int()),
  /** Readings that were left out because too much of their gaze is lost. */
  belowGate: z.array(z.number().int()).default([]),
  images: z.array(
    z.object({
      imageId: z.number().int(),
      sha256: z.string(),
      /** Of its patient in the frozen split; absent in older runs. */
      part: z.enum(splitParts).optional(),
    }),
  ),
  /** `hashFacts` of these images and readings; absent in older runs. */
  factsSha256: z.string().optional(),
  /** Pairs of these images that a person had refused when the run began, lower id first; absent in older runs. */
  refusedPairs: z.array(z.tuple([z.number().int(), z.number().int()])).optional(),
  /** Whether any reading or image was made by a program. */
  simulated: z.boolean(),
  /** How far the trainer stood back behind the reader; absent in older runs. */
  priority: z.enum(priorities).optional(),
  /** What computed the steps, its check and every engine that was refused; absent until the run pre-trains. */
  engine: engineRecord.optional(),
  /** How many pairs are above the threshold, by measure; absent until the run has mined. */
  pairs: z.partialRecord(z.enum(measureNames), z.number().int()).optional(),
  /** Their hash (`PairList`) and where the list stands: a table of the station's database. Absent in older runs. */
  pairLists: z
    .partialRecord(z.enum(measureNames), z.object({ sha256: z.string(), place: z.string() }))
    .optional(),
  /** How they stand to chance, by measure and kind of image; absent until the run has mined. */
  chance: z.partialRecord(z.enum(measureNames), z.array(chanceRecord)).optional(),
});

/** What a run was made from, as it stands in its folder: enough to say later where an encoder comes from. */
export type RunRecord = z.infer<typeof runRecord>;

/** Name of the record in a run's folder. */
export const runRecordName = 'run.json';

/** Writes the record of a run, whole or not at all. */
export async function writeRunRecord(runFolder: string, record: RunRecord): Promise<void> {
  await writeWhole(
    path.join(runFolder, runRecordName),
    `${JSON.stringify(record, undefined, 2)}\n`,
  );
}

/** The record of a run, or undefined where there is none. Throws where it is damaged. */
export async function readRunRecord(runFolder: string): Promise<RunRecord | undefined> {
  const file = path.join(runFolder, runRecordName);
  if (!existsSync(file)) return undefined;
  return runRecord.parse(JSON.parse(await readFile(file, 'utf8')));
}
