import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listAliasChanges, type StoredModel } from '../../../shared/database/models.ts';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import { listMined } from '../../../shared/database/runs.ts';
import type { ModelCard, ModelDetail } from '../../../shared/ipc/model-answers.ts';
import { runConfiguration } from '../../../shared/training/run-configuration.ts';
import { wordFileError } from '../file-errors.ts';
import { toAliasChange } from './model-answers.ts';
import { describeModelCard } from './model-card.ts';
import { modelsFolder } from './model-files.ts';

/**
 * Writes the card of a model as it stands now beside the models, whole or not at all, and gives it.
 * Throws StationError disk-full, no-permission.
 */
export function writeModelCard(
  { database, dataFolder }: { readonly database: ReadDatabase; readonly dataFolder: string },
  detail: ModelDetail,
  model: StoredModel,
): ModelCard {
  const { version } = model;
  const text = describeModelCard({
    model: detail,
    configuration: runConfiguration.parse(JSON.parse(model.configuration)),
    engineReason: model.engineReason,
    mined: listMined(database, model.runId),
    history: listAliasChanges(database)
      .filter((change) => change.version === version)
      .map(toAliasChange),
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
