import path from 'node:path';
import {
  listEarlierEncoders,
  listPairedImages,
  listPlacedImages,
} from '../../shared/database/evaluations.ts';
import { type LabelledImage, listLabelledImages } from '../../shared/database/labels.ts';
import { openDatabaseReadOnly, type ReadDatabase } from '../../shared/database/open.ts';
import { StationError } from '../../shared/station-error.ts';
import type {
  EvaluatedEncoder,
  EvaluationResult,
  LabelSource,
} from '../../shared/training/evaluation-result.ts';
import type { RunContext } from '../run-context.ts';
import { readRunRecord, type RunRecord } from '../run-record.ts';
import { beginStage } from '../stage-progress.ts';
import { writeWhole } from '../write-file.ts';
import { bootstrapDefaults } from './bootstrap.ts';
import { embedImages } from './embed-images.ts';
import {
  type EmbeddedEncoder,
  type Evaluation,
  evaluateEncoders,
  type LabelledParts,
} from './evaluate-encoders.ts';
import { countSplit, listClasses, refuseSplit } from '../../shared/training/labelled-split.ts';
import type { Judged } from './judge-features.ts';
import { findLeaks, type PlacedImage } from './leaks.ts';
import { readSavedEncoder, type SavedEncoder } from './saved-encoder.ts';
import { type Tunable, tuneEncoder, tunedImages } from './tune-encoder.ts';

/** Name of the file in a run's folder that holds what each encoder said of each test image. */
export const evaluationRecordName = 'evaluation.json';

type Compared = {
  readonly runId: number;
  readonly saved: SavedEncoder;
  readonly role: 'champion' | 'earlier';
};

/** Whether an encoder knew of test patients, by its run's record and stored pairs. */
function hasLeaks(
  database: ReadDatabase,
  placed: readonly PlacedImage[],
  record: RunRecord,
  images: readonly LabelledImage[] = [],
): boolean {
  const leaks = findLeaks({
    placed,
    preTrained: record.images.map(({ imageId }) => imageId),
    paired: listPairedImages(database, record.runId),
    fitted: images.filter(({ part }) => part !== 'test').map(({ imageId }) => imageId),
  });
  for (const { kind, imageId } of leaks.slice(0, 5))
    process.stderr.write(`Run ${record.runId}, image ${imageId}: ${kind}\n`);
  return leaks.length > 0;
}

/** The champion, else the newest earlier encoder, that is there, unchanged, and has never seen a test patient. */
async function findCompared({
  databasePath,
  runFolder,
  runId,
}: RunContext): Promise<Compared | undefined> {
  const database = openDatabaseReadOnly(databasePath);
  try {
    const placed = listPlacedImages(database);
    for (const { runId: other, file, sha256, isChampion } of listEarlierEncoders(database, runId)) {
      const folder = path.join(runFolder, '..', String(other));
      try {
        const record = await readRunRecord(folder);
        if (record === undefined || hasLeaks(database, placed, record)) continue;
        const saved = await readSavedEncoder(path.join(runFolder, '../..', file));
        if (saved.sha256 === sha256)
          return { runId: other, saved, role: isChampion ? 'champion' : 'earlier' };
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        process.stderr.write(`The encoder of run ${other} is not compared: ${reason}\n`);
      }
    }
    return undefined;
  } finally {
    database.close();
  }
}

type Embedded = EmbeddedEncoder & Tunable;

/** The encoders with what they make of the images; `onBatch` is told how many were embedded by all so far. */
async function embedEach(
  context: RunContext,
  images: readonly LabelledImage[],
  list: readonly (Pick<Compared, 'runId' | 'saved'> & Pick<EvaluatedEncoder, 'role'>)[],
  onBatch: (done: number) => void,
): Promise<readonly Embedded[]> {
  const embedded: Embedded[] = [];
  for (const [i, { saved, runId, role }] of list.entries()) {
    const found = await embedImages(saved, images, {
      context,
      onBatch: (done) => onBatch(i * images.length + done),
    });
    embedded.push({ saved, encoder: { sha256: saved.sha256, runId, role }, ...found });
  }
  return embedded;
}

async function writeRecord(
  { runFolder }: RunContext,
  images: readonly LabelledImage[],
  { result, judged }: Evaluation,
): Promise<void> {
  const test = images
    .filter(({ part }) => part === 'test')
    .toSorted((a, b) => a.imageId - b.imageId);
  const record = {
    notice: 'Research use only. Not for diagnosis.',
    result,
    test: test.map(({ imageId, sha256, label }) => ({ imageId, sha256, label })),
    /** By encoder and method `[images, classes]`, row-major. */
    scores: judged.map((methods) =>
      Object.fromEntries(methods.map(({ method, scored }) => [method, [...scored.scores]])),
    ),
  };
  await writeWhole(path.join(runFolder, evaluationRecordName), `${JSON.stringify(record)}\n`);
}

type Labelled = {
  readonly images: readonly LabelledImage[];
  readonly source: LabelSource;
  readonly leaking: boolean;
};

function readLabelled({ databasePath, configuration }: RunContext, record: RunRecord): Labelled {
  const database = openDatabaseReadOnly(databasePath);
  try {
    const labelled = listLabelledImages(database, configuration);
    const placed = listPlacedImages(database);
    return { ...labelled, leaking: hasLeaks(database, placed, record, labelled.images) };
  } finally {
    database.close();
  }
}

/** The whole evaluation; the weights that are judged are those of the saved file. */
async function evaluate(
  context: RunContext,
  record: RunRecord,
  encoder: { readonly file: string; readonly sha256: string },
): Promise<EvaluationResult> {
  const { control, runFolder } = context;
  const labelled = readLabelled(context, record);
  const classes = listClasses(labelled.images);
  const split = countSplit(labelled.images, classes);
  const refusal = refuseSplit(split, classes);
  const fewer = {
    labels: labelled.source,
    simulated: record.simulated,
    bootstrap: bootstrapDefaults,
  };
  const pause = (): Promise<void> => control.checkpoint();
  // Nothing is decoded and embedded where it is known beforehand that no figure can be stated.
  if (refusal !== undefined)
    return (await evaluateEncoders({ ...fewer, images: labelled.images, encoders: [], pause }))
      .result;
  if (labelled.leaking)
    throw new Error('Images of test patients were pre-trained on: no figure is stated.');
  const saved = await readSavedEncoder(path.join(runFolder, encoder.file));
  if (saved.sha256 !== encoder.sha256) throw new Error('The saved encoder has changed.');
  const compared = await findCompared(context);
  const list = [
    { saved, runId: context.runId, role: 'new' as const },
    ...(compared === undefined ? [] : [compared]),
  ];
  const embeds = list.length * labelled.images.length;
  const tunes = tunedImages(context, split.train.images);
  const tell = beginStage(context, 'evaluate', embeds + list.length * tunes);
  const encoders = await embedEach(context, labelled.images, list, tell);
  const images = labelled.images.filter(({ imageId }) =>
    encoders.every(({ features }) => features.has(imageId)),
  );
  const simulated =
    record.simulated || images.some((image) => image.simulated || image.simulatedLabel);
  const tune = async (place: number, parts: LabelledParts): Promise<Judged | undefined> => {
    const encoder = encoders[place];
    if (encoder === undefined) throw new Error('There is no such encoder to fine-tune.');
    const { engine } = (await readRunRecord(runFolder)) ?? {};
    const onStep = (done: number): void => tell(embeds + place * tunes + done);
    return tuneEncoder(context, encoder, parts, { engine, onStep });
  };
  const evaluation = await evaluateEncoders({
    ...fewer,
    simulated,
    images,
    encoders,
    pause,
    ...(tunes > 0 && { fineTune: tune }),
  });
  await writeRecord(context, images, evaluation);
  return evaluation.result;
}

/**
 * The stage after saving: judges the saved encoder on the frozen split, and an earlier one beside it, and tells
 * main. Without labels, or where the evaluation itself fails, it says so and the run ends well. Throws
 * StationError cancelled.
 */
export async function evaluateRun(
  context: RunContext,
  { record }: { readonly record: RunRecord },
  encoder: { readonly file: string; readonly sha256: string },
): Promise<void> {
  const tell = beginStage(context, 'evaluate', 1);
  let result: EvaluationResult;
  try {
    result = await evaluate(context, record, encoder);
  } catch (error) {
    if (error instanceof StationError && error.code === 'cancelled') throw error;
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`The encoder was not judged: ${words}\n`);
    result = { outcome: 'refused', reason: 'failed', details: {}, split: null, classes: [] };
  }
  context.report({ kind: 'evaluation', result });
  tell(1);
}
