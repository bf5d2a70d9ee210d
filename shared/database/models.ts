import type { AliasChangeKind, ModelAlias } from '../training/model-aliases.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

/** A registered encoder with what its run says of it. */
export type StoredModel = {
  /** The model's number. */
  readonly version: number;
  readonly runId: number;
  /** Relative to the data folder. */
  readonly file: string;
  readonly sha256: string;
  readonly parameterCount: number;
  readonly createdAtMs: number;
  readonly fileDeletedAtMs: number | null;
  /** JSON of a RunConfiguration. */
  readonly configuration: string;
  readonly simulated: number;
  readonly appVersion: string;
  readonly engine: string | null;
  readonly engineReason: string | null;
  readonly imageCount: number | null;
  /** Readings and images that it has learnt from and that were deleted since. */
  readonly erasedReadings: number;
  readonly erasedImages: number;
  /** Readings that are still there, but whose reader no longer lets them be used for training. */
  readonly withdrawnReadings: number;
};

/** Whether reading `r` is of a person who has withdrawn the consent to train. */
const withdrawn = `r.user_id IN (SELECT u.id FROM user u WHERE u.simulated = 0 AND
  (SELECT c.train FROM consent c WHERE c.user_id = u.id ORDER BY c.id DESC LIMIT 1) = 0)`;

const selected = `
SELECT m.id AS version, m.run_id AS runId, m.file, m.sha256, m.parameter_count AS parameterCount,
  m.created_at_ms AS createdAtMs, m.file_deleted_at_ms AS fileDeletedAtMs, run.configuration, run.simulated,
  run.app_version AS appVersion, run.engine, run.engine_reason AS engineReason, run.image_count AS imageCount,
  (SELECT count(*) FROM model_reading l WHERE l.model_id = m.id AND l.erased_at_ms IS NOT NULL) AS erasedReadings,
  (SELECT count(*) FROM model_image l WHERE l.model_id = m.id AND l.erased_at_ms IS NOT NULL) AS erasedImages,
  (SELECT count(*) FROM model_reading l JOIN reading r ON r.id = l.reading_id
    WHERE l.model_id = m.id AND l.erased_at_ms IS NULL AND ${withdrawn}) AS withdrawnReadings
FROM model m JOIN run ON run.id = m.run_id`;

/** Newest first. */
export function listModels(database: ReadDatabase): readonly StoredModel[] {
  return database.prepare(`${selected} ORDER BY m.id DESC`).all() as StoredModel[];
}

/** One model, or undefined. */
export function findModel(database: ReadDatabase, version: number): StoredModel | undefined {
  return database.prepare(`${selected} WHERE m.id = ?`).get(version) as StoredModel | undefined;
}

/** The version of a run's encoder, or undefined where it has none. */
export function findModelOfRun(
  database: ReadDatabase,
  runId: number,
): { readonly version: number; readonly sha256: string } | undefined {
  return database.prepare('SELECT id AS version, sha256 FROM model WHERE run_id = ?').get(runId) as
    { readonly version: number; readonly sha256: string } | undefined;
}

/**
 * What a model has learnt from, the one that begins with its weights has learnt from too. A reading's number that was
 * erased there stays erased, even where it was given again.
 */
function inheritLineage(database: WriteDatabase, version: number, from: number): void {
  database
    .prepare(
      `INSERT INTO model_reading SELECT ?, reading_id, erased_at_ms FROM model_reading WHERE model_id = ?
       ON CONFLICT (model_id, reading_id) DO UPDATE SET erased_at_ms = excluded.erased_at_ms
         WHERE excluded.erased_at_ms IS NOT NULL`,
    )
    .run(version, from);
  database
    .prepare(
      `INSERT OR IGNORE INTO model_image SELECT ?, sha256, erased_at_ms FROM model_image WHERE model_id = ?`,
    )
    .run(version, from);
}

/**
 * Adds a run's encoder to the models, with the readings and images it has learnt from, also through the model that
 * it began from, and makes it the challenger. One transaction. Answers its version. A model is never overwritten: a
 * second encoder of the same run is refused by the database.
 */
export function registerModel(
  database: WriteDatabase,
  model: {
    readonly runId: number;
    readonly file: string;
    readonly sha256: string;
    readonly parameterCount: number;
    readonly createdAtMs: number;
    readonly imageHashes: readonly string[];
    /** The model whose weights the run began with, if any. */
    readonly begunFrom?: number | undefined;
  },
): number {
  return database.transaction(() => {
    const version = Number(
      database
        .prepare(
          `INSERT INTO model (run_id, file, sha256, parameter_count, created_at_ms)
           VALUES (@runId, @file, @sha256, @parameterCount, @createdAtMs)`,
        )
        .run(model).lastInsertRowid,
    );
    database
      .prepare(
        'INSERT INTO model_reading (model_id, reading_id) SELECT ?, reading_id FROM run_reading WHERE run_id = ?',
      )
      .run(version, model.runId);
    const addImage = database.prepare('INSERT OR IGNORE INTO model_image VALUES (?, ?, NULL)');
    for (const sha256 of model.imageHashes) addImage.run(version, sha256);
    if (model.begunFrom !== undefined) inheritLineage(database, version, model.begunFrom);
    insertAliasChange(database, {
      alias: 'challenger',
      version,
      kind: 'registered',
      by: null,
      changedAtMs: model.createdAtMs,
      reason: '',
      shown: null,
    });
    return version;
  })();
}

/** A change of an alias as it is stored. */
export type StoredAliasChange = {
  readonly alias: ModelAlias;
  readonly version: number | null;
  readonly kind: AliasChangeKind;
  readonly userName: string | null;
  readonly changedAtMs: number;
  readonly reason: string;
  /** JSON, or null. */
  readonly shown: string | null;
};

/** The history of both aliases, oldest first. */
export function listAliasChanges(database: ReadDatabase): readonly StoredAliasChange[] {
  return database
    .prepare(
      `SELECT alias, model_id AS version, kind, user_name AS userName, changed_at_ms AS changedAtMs, reason, shown
       FROM model_alias_change ORDER BY id`,
    )
    .all() as StoredAliasChange[];
}

/** Adds a change to the history; the newest of an alias counts. */
export function insertAliasChange(
  database: WriteDatabase,
  change: Omit<StoredAliasChange, 'userName'> & {
    readonly by: { readonly id: number; readonly name: string } | null;
  },
): void {
  const { alias, version, kind, by, changedAtMs, reason, shown } = change;
  database
    .prepare(
      `INSERT INTO model_alias_change (alias, model_id, kind, user_id, user_name, changed_at_ms, reason, shown)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(alias, version, kind, by?.id ?? null, by?.name ?? null, changedAtMs, reason, shown);
}

/** Notes that the file of a model is gone; what is known of the model stays. */
export function noteFileDeleted(database: WriteDatabase, version: number, nowMs: number): void {
  database.prepare('UPDATE model SET file_deleted_at_ms = ? WHERE id = ?').run(nowMs, version);
}
