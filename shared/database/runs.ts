import type { MinedCount } from '../ipc/answers.ts';
import type { MinedGroup } from '../trainer-protocol.ts';
import type { LabelAgreement } from '../training/label-agreement.ts';
import type { MeasureName } from '../training/run-configuration.ts';
import type { RunStage, RunStart, RunState } from '../training/run-states.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

export type StoredRun = {
  readonly id: number;
  readonly state: RunState;
  readonly stage: RunStage | null;
  /** JSON of a RunConfiguration. */
  readonly configuration: string;
  readonly created_at_ms: number;
  readonly started_at_ms: number | null;
  readonly ended_at_ms: number | null;
  readonly error_code: string | null;
  /** JSON. */
  readonly error_details: string | null;
  readonly engine: string | null;
  readonly engine_reason: string | null;
  readonly image_count: number | null;
  readonly left_out_count: number;
  readonly below_gate_count: number;
  readonly simulated: number;
  readonly log: string;
  readonly file: string | null;
  readonly sha256: string | null;
  readonly parameter_count: number | null;
  readonly last_loss: number | null;
  readonly images_per_second: number | null;
  /** JSON lists: HoldReason; {engine, reason}; {code, details}. */
  readonly holds: string;
  readonly refused_engines: string;
  readonly notices: string;
  readonly started_for: RunStart;
};

const selected = `
SELECT r.id, r.state, r.stage, r.configuration, r.created_at_ms, r.started_at_ms, r.ended_at_ms, r.error_code,
  r.error_details, r.engine, r.engine_reason, r.image_count, r.left_out_count, r.below_gate_count, r.simulated, r.log,
  r.holds, r.refused_engines, r.notices, r.started_for, m.file, m.sha256, m.parameter_count,
  p.loss AS last_loss, p.images_per_second
FROM run r LEFT JOIN model m ON m.run_id = r.id
  LEFT JOIN run_point p ON p.run_id = r.id AND p.step = (SELECT max(step) FROM run_point WHERE run_id = r.id)`;

/** Newest first. */
export function listRuns(database: ReadDatabase): readonly StoredRun[] {
  return database.prepare(`${selected} ORDER BY r.id DESC`).all() as StoredRun[];
}

/** One run, or undefined. */
export function findRun(database: ReadDatabase, runId: number): StoredRun | undefined {
  return database.prepare(`${selected} WHERE r.id = ?`).get(runId) as StoredRun | undefined;
}

/** The version of Fovea that computes a run or did so last (while it waits: that queued it), or undefined. */
export function findAppVersion(database: ReadDatabase, runId: number): string | undefined {
  return database.prepare('SELECT app_version FROM run WHERE id = ?').pluck().get(runId) as
    string | undefined;
}

/** Removes everything that was computed for a run which begins anew; the run itself stays. */
export function clearRun(database: WriteDatabase, runId: number): void {
  database.transaction(() => {
    for (const table of ['pair', 'mined', 'run_reading', 'run_point', 'run_memory', 'evaluation'])
      database.prepare(`DELETE FROM ${table} WHERE run_id = ?`).run(runId);
  })();
}

const nextPlace = `(SELECT coalesce(max(queue_place), 0) + 1 FROM run WHERE state = 'queued')`;

/** Queues a run at the end; answers its id. */
export function insertRun(
  database: WriteDatabase,
  run: {
    readonly configuration: string;
    readonly userId: number;
    readonly createdAtMs: number;
    readonly appVersion: string;
    /** By hand where it is not said. */
    readonly startedFor?: RunStart;
  },
): number {
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO run (state, configuration, user_id, created_at_ms, app_version, started_for, queue_place)
       VALUES ('queued', @configuration, @userId, @createdAtMs, @appVersion, @startedFor, ${nextPlace})`,
    )
    .run({ startedFor: 'hand', ...run });
  return Number(lastInsertRowid);
}

/** Columns of a run that change while it goes on. */
export type RunChange = {
  readonly state?: RunState;
  readonly stage?: RunStage;
  /** Of the station that starts it: another version may have queued it, or begun what goes on now. */
  readonly appVersion?: string;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number | null;
  readonly errorCode?: string | null;
  readonly errorDetails?: string | null;
  readonly engine?: string;
  readonly engineReason?: string;
  readonly imageCount?: number;
  readonly leftOutCount?: number;
  readonly belowGateCount?: number;
  readonly simulated?: number;
  readonly log?: string;
  readonly holds?: string;
  readonly refusedEngines?: string;
  readonly notices?: string;
};

const columns: Readonly<Record<keyof RunChange, string>> = {
  state: 'state',
  stage: 'stage',
  appVersion: 'app_version',
  startedAtMs: 'started_at_ms',
  endedAtMs: 'ended_at_ms',
  errorCode: 'error_code',
  errorDetails: 'error_details',
  engine: 'engine',
  engineReason: 'engine_reason',
  imageCount: 'image_count',
  leftOutCount: 'left_out_count',
  belowGateCount: 'below_gate_count',
  simulated: 'simulated',
  log: 'log',
  holds: 'holds',
  refusedEngines: 'refused_engines',
  notices: 'notices',
};

/** Changes the given columns of a run. */
export function updateRun(database: WriteDatabase, runId: number, change: RunChange): void {
  const names = Object.keys(change) as (keyof RunChange)[];
  if (names.length === 0) return;
  const assignments = names.map((name) => `${columns[name]} = @${name}`).join(', ');
  database.prepare(`UPDATE run SET ${assignments} WHERE id = @runId`).run({ ...change, runId });
}

/** Runs that a station which is gone had begun and not ended become `interrupted`; answers their ids. */
export function interruptRuns(database: WriteDatabase, nowMs: number): readonly number[] {
  return database
    .prepare(
      `UPDATE run SET state = 'interrupted', holds = '[]', ended_at_ms = ? WHERE state IN ('running', 'paused') RETURNING id`,
    )
    .pluck()
    .all(nowMs) as number[];
}

/** Lineage: readings whose gaze takes part in a run. */
export function insertRunReadings(
  database: WriteDatabase,
  runId: number,
  readingIds: readonly number[],
): void {
  const insert = database.prepare(
    'INSERT OR IGNORE INTO run_reading (run_id, reading_id) VALUES (?, ?)',
  );
  database.transaction(() => {
    for (const readingId of readingIds) insert.run(runId, readingId);
  })();
}

/** What mining by one measure counted. */
export function insertMined(
  database: WriteDatabase,
  runId: number,
  threshold: number,
  { measure, images, compared, found, undefinedPairs, groups, agreement }: MinedCount,
): void {
  database
    .prepare(
      `INSERT OR REPLACE INTO mined (run_id, measure, threshold, images, compared, found, undefined_pairs, groups, agreement)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      runId,
      measure,
      threshold,
      images,
      compared,
      found,
      undefinedPairs,
      JSON.stringify(groups),
      agreement === null ? null : JSON.stringify(agreement),
    );
}

/** Counts of a run's measures. */
export function listMined(database: ReadDatabase, runId: number): readonly MinedCount[] {
  const rows = database
    .prepare(
      'SELECT measure, images, compared, found, undefined_pairs AS undefinedPairs, groups, agreement FROM mined WHERE run_id = ? ORDER BY measure',
    )
    .all(runId) as (Omit<MinedCount, 'groups' | 'agreement'> & {
    readonly groups: string;
    readonly agreement: string | null;
  })[];
  return rows.map(({ groups, agreement, ...row }) => ({
    ...row,
    groups: JSON.parse(groups) as MinedGroup[],
    agreement: agreement === null ? null : (JSON.parse(agreement) as LabelAgreement),
  }));
}

/** The threshold by which a run mined, or undefined. */
export function minedThreshold(
  database: ReadDatabase,
  runId: number,
  measure: MeasureName,
): number | undefined {
  return database
    .prepare('SELECT threshold FROM mined WHERE run_id = ? AND measure = ?')
    .pluck()
    .get(runId, measure) as number | undefined;
}
