import type { StoredEvaluation } from '../../../shared/database/evaluations.ts';
import type { StoredAliasChange, StoredModel } from '../../../shared/database/models.ts';
import {
  countModelImages,
  countModelReaders,
  countModelSources,
  countRunPairs,
  listModelReadings,
} from '../../../shared/database/model-lineage.ts';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import type {
  AliasChange,
  ModelDetail,
  ModelLineage,
  ModelRow,
  ShownComparison,
} from '../../../shared/ipc/model-answers.ts';
import { holderOf, modelAliases } from '../../../shared/training/model-aliases.ts';
import { runConfiguration } from '../../../shared/training/run-configuration.ts';
import { evaluationOf } from './model-evaluations.ts';
import { checkModelFile } from './model-files.ts';

/** Readings that a model's detail lists by number. */
const listedReadings = 1000;

/** A change of an alias as the page shows it. */
export function toAliasChange(change: StoredAliasChange): AliasChange {
  const { alias, version, kind, userName, changedAtMs, reason, shown } = change;
  return {
    alias,
    version,
    kind,
    by: userName,
    changedAtMs,
    reason,
    shown: shown === null ? null : (JSON.parse(shown) as ShownComparison),
  };
}

/** A model as the page lists it. */
export function toModelRow(
  model: StoredModel,
  steps: readonly StoredAliasChange[],
  evaluations: readonly StoredEvaluation[],
): ModelRow {
  const { version, runId, createdAtMs, fileDeletedAtMs } = model;
  const { encoder, method, useGaze, positivesFrom } = runConfiguration.parse(
    JSON.parse(model.configuration),
  );
  return {
    version,
    runId,
    createdAtMs,
    fileDeletedAtMs,
    encoder,
    method,
    aliases: modelAliases.filter((alias) => holderOf(steps, alias) === version),
    positivesFrom: useGaze ? positivesFrom : null,
    simulated: model.simulated === 1,
    erasedReadings: model.erasedReadings,
    erasedImages: model.erasedImages,
    withdrawnReadings: model.withdrawnReadings,
    ...evaluationOf(evaluations, model),
  };
}

function describeLineage(database: ReadDatabase, { version, runId }: StoredModel): ModelLineage {
  const readers = countModelReaders(database, version);
  const imagesBy = countModelImages(database, version);
  return {
    readings: readers.reduce((sum, { readings }) => sum + readings, 0),
    images: imagesBy.reduce((sum, { images }) => sum + images, 0),
    readers,
    imagesBy,
    sources: countModelSources(database, version),
    pairs: countRunPairs(database, runId),
    readingList: listModelReadings(database, version, listedReadings),
  };
}

/** A model with its lineage; its file is hashed again. */
export function toModelDetail(
  { database, dataFolder }: { readonly database: ReadDatabase; readonly dataFolder: string },
  model: StoredModel,
  steps: readonly StoredAliasChange[],
  evaluations: readonly StoredEvaluation[],
): ModelDetail {
  return {
    ...toModelRow(model, steps, evaluations),
    file: model.file,
    sha256: model.sha256,
    parameters: model.parameterCount,
    fileState: checkModelFile(dataFolder, model),
    appVersion: model.appVersion,
    engine: model.engine,
    lineage: describeLineage(database, model),
  };
}
