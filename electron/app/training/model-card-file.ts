import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listEvaluations } from '../../../shared/database/evaluations.ts';
import { listAliasChanges, type StoredModel } from '../../../shared/database/models.ts';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import { listMined } from '../../../shared/database/runs.ts';
import type { ModelCard } from '../../../shared/ipc/model-answers.ts';
import { runConfiguration } from '../../../shared/training/run-configuration.ts';
import { wordFileError } from '../file-errors.ts';
import { toAliasChange, toModelDetail } from './model-answers.ts';
import { describeModelCard } from './model-card.ts';
import { modelsFolder } from './model-files.ts';

/**
 * Writes the card of a model as it stands now beside the models, whole or not at all, and gives it.
 * Throws StationError disk-full, no-permission.
 */
export function writeModelCard(
  { database, dataFolder }: { readonly database: ReadDatabase; readonly dataFolder: string },
  model: StoredModel,
): ModelCard {
  const { version } = model;
  const steps = listAliasChanges(database);
  const text = describeModelCard({
    model: toModelDetail({ database, dataFolder }, model, steps, listEvaluations(database)),
    configuration: runConfiguration.parse(JSON.parse(model.configuration)),
    engineReason: model.engineReason,
    mined: listMined(database, model.runId),
    history: steps.filter((change) => change.version === version).map(toAliasChange),
  });
  const file = `${modelsFolder}/model-${version}.md`;
  const target = path.join(dataFolder, file);
  try {
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(`${target}.part`, text, { flush: true });
    renameSync(`${target}.part`, target);
  } catch (error) {
    throw wordFileError(error, file, dataFolder);
  }
  return { version, text, file };
}

/** Writes the card anew after its model has changed; where that cannot be done, the change stands nevertheless. */
export function refreshModelCard(...[place, model]: Parameters<typeof writeModelCard>): void {
  try {
    writeModelCard(place, model);
  } catch (error) {
    process.stderr.write(
      `The card of model ${model.version} could not be written: ${String(error)}\n`,
    );
  }
}
