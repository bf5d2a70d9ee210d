import { rmSync } from 'node:fs';
import path from 'node:path';
import { insertAuditLine } from '../../../shared/database/audit.ts';
import {
  findModel,
  insertAliasChange,
  listAliasChanges,
  listModels,
  noteFileDeleted,
  type StoredModel,
} from '../../../shared/database/models.ts';
import { listEvaluations } from '../../../shared/database/evaluations.ts';
import { listModelsOfReading } from '../../../shared/database/model-lineage.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import type { AliasChange, ModelComparison } from '../../../shared/ipc/model-answers.ts';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import type { modelRequests } from '../../../shared/ipc/model-requests.ts';
import { StationError } from '../../../shared/station-error.ts';
import { championStack, holderOf } from '../../../shared/training/model-aliases.ts';
import { judgePromotion } from './judge-promotion.ts';
import { toAliasChange, toModelDetail, toModelRow } from './model-answers.ts';
import { findFollower } from './find-follower.ts';
import { refreshModelCard, writeModelCard } from './model-card-file.ts';
import { compareOnSplit } from './model-evaluations.ts';
import { checkModelFile } from './model-files.ts';

export type RegistryOptions = {
  readonly database: WriteDatabase;
  readonly dataFolder: string;
  readonly nowMs: () => number;
  /** The person in front of the station. */
  readonly user: () => { readonly id: number; readonly name: string };
};

/**
 * The requests of the registry. Nothing here makes a model the champion by itself: that takes an administrator
 * who has been shown the comparison that holds at that moment.
 */
export function createRegistry(options: RegistryOptions): SomeHandlers<keyof typeof modelRequests> {
  const { database, dataFolder, nowMs, user } = options;
  const evaluations = () => listEvaluations(database);

  const requireModel = (version: number): StoredModel => {
    const model = findModel(database, version);
    if (model === undefined) throw new StationError('not-found', { what: 'model' });
    return model;
  };
  const champion = (): number | undefined => holderOf(listAliasChanges(database), 'champion');

  const compare = (version: number, otherVersion: number | undefined): ModelComparison => {
    const steps = listAliasChanges(database);
    const stored = evaluations();
    const model = requireModel(version);
    const other =
      otherVersion === undefined || otherVersion === version
        ? undefined
        : requireModel(otherVersion);
    const compared = compareOnSplit(stored, model, other);
    const row = toModelRow(model, steps, stored);
    return {
      candidate: { ...row, evaluation: compared.candidate },
      champion: other
        ? { ...toModelRow(other, steps, stored), evaluation: compared.champion }
        : null,
      missing: compared.missing,
      rows: compared.rows,
      shown: {
        championVersion: other?.version ?? null,
        championEvaluationId: compared.champion?.evaluationId ?? null,
        candidateEvaluationId: compared.candidate?.evaluationId ?? null,
      },
    };
  };

  const requireWholeFile = (model: StoredModel): void => {
    const { version, file } = model;
    switch (checkModelFile(dataFolder, model)) {
      case 'whole':
        return;
      case 'damaged':
        throw new StationError('model-file-damaged', { version });
      default:
        throw new StationError('file-missing', { file });
    }
  };

  /** Changes the champion, tells the audit log, both or nothing. */
  const crown = (
    kind: 'promoted' | 'rolled-back',
    version: number,
    reason: string,
    comparison: ModelComparison | undefined,
  ): AliasChange => {
    const by = user();
    const at = nowMs();
    const before = champion() ?? null;
    const shown = comparison === undefined ? null : JSON.stringify(comparison.shown);
    const change = { kind, by, changedAtMs: at, reason, shown } as const;
    database.transaction(() => {
      const wasChallenger = holderOf(listAliasChanges(database), 'challenger') === version;
      insertAliasChange(database, { ...change, alias: 'champion', version });
      if (wasChallenger)
        insertAliasChange(database, { ...change, alias: 'challenger', version: null });
      insertAuditLine(database, {
        atMs: at,
        userId: by.id,
        action: kind === 'promoted' ? 'model.promote' : 'model.rollback',
        details: {
          by: by.name,
          champion: version,
          before: before ?? 'none',
          reason,
          ...(comparison && {
            shown: JSON.stringify(comparison.shown),
            comparison: JSON.stringify(comparison.rows),
            missing: comparison.missing ?? 'nothing',
          }),
        },
      });
    })();
    const newest = listAliasChanges(database).findLast(({ alias }) => alias === 'champion');
    if (newest === undefined) throw new Error('The change of the champion was not stored.');
    for (const each of [version, before])
      if (each !== null) refreshModelCard(options, requireModel(each));
    return toAliasChange(newest);
  };

  return {
    'model.list': () => {
      const steps = listAliasChanges(database);
      const stored = evaluations();
      return {
        models: listModels(database).map((model) => toModelRow(model, steps, stored)),
        history: steps.map(toAliasChange),
        rollBackTo: championStack(steps).at(-2) ?? null,
      };
    },
    'model.get': ({ version }) =>
      toModelDetail(options, requireModel(version), listAliasChanges(database), evaluations()),
    'model.compare': ({ version, with: other }) => compare(version, other ?? champion()),
    'model.promote': ({ version, reason, shown }) => {
      const comparison = compare(version, champion());
      judgePromotion(comparison, shown, reason);
      requireWholeFile(requireModel(version));
      return crown('promoted', version, reason, comparison);
    },
    'model.rollback': ({ reason }) => {
      const version = championStack(listAliasChanges(database)).at(-2);
      if (version === undefined) throw new StationError('no-earlier-champion');
      requireWholeFile(requireModel(version));
      return crown('rolled-back', version, reason, undefined);
    },
    'model.card': ({ version }) => writeModelCard(options, requireModel(version)),
    'model.delete-file': ({ version }) => {
      const model = requireModel(version);
      const steps = listAliasChanges(database);
      const { aliases } = toModelRow(model, steps, []);
      const isRollBackTarget = championStack(steps).at(-2) === version;
      if (aliases.length > 0 || isRollBackTarget)
        throw new StationError('model-in-use', {
          version,
          as: aliases.length > 0 ? `the ${aliases.join(' and ')}` : 'what a roll-back brings back',
        });
      const follower = findFollower(database, model.sha256);
      if (follower !== undefined)
        throw new StationError('model-in-use', { version, as: `what ${follower} begins from` });
      const by = user();
      const isShared = listModels(database).some(
        (each) =>
          each.version !== version && each.file === model.file && each.fileDeletedAtMs === null,
      );
      database.transaction(() => {
        noteFileDeleted(database, version, nowMs());
        insertAuditLine(database, {
          atMs: nowMs(),
          userId: by.id,
          action: 'model.delete-file',
          details: { by: by.name, version, file: model.file, sha256: model.sha256 },
        });
      })();
      if (!isShared) rmSync(path.join(dataFolder, model.file), { force: true });
      return toModelDetail(options, requireModel(version), steps, evaluations());
    },
    'model.of-reading': ({ readingId }) => ({
      versions: listModelsOfReading(database, readingId),
    }),
  };
}
