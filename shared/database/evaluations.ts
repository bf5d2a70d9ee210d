import { type EvaluationResult, evaluationResult } from '../training/evaluation-result.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

/** Stores what was said of a run's encoder; a run that was taken up again replaces what it said before. */
export function insertEvaluation(
  database: WriteDatabase,
  runId: number,
  result: EvaluationResult,
  nowMs: number,
): void {
  const labelSetId =
    result.outcome === 'measured' && result.labels.kind === 'file'
      ? result.labels.labelSetId
      : null;
  database
    .prepare(
      `INSERT OR REPLACE INTO evaluation (run_id, outcome, label_set_id, result, evaluated_at_ms)
       VALUES (?, ?, ?, ?, ?)`,
    )
    .run(runId, result.outcome, labelSetId, JSON.stringify(result), nowMs);
}

/** What was said of a run's encoder, or undefined where it was not evaluated. */
export function findEvaluation(
  database: ReadDatabase,
  runId: number,
): EvaluationResult | undefined {
  const text = database
    .prepare('SELECT result FROM evaluation WHERE run_id = ?')
    .pluck()
    .get(runId) as string | undefined;
  return text === undefined ? undefined : evaluationResult.parse(JSON.parse(text));
}

/** A stored encoder with which a new one is compared. */
export type StoredEncoder = {
  readonly runId: number;
  /** Relative to the data folder. */
  readonly file: string;
  readonly sha256: string;
};

/** The newest encoder of a run before this one, or undefined. */
export function findEarlierEncoder(
  database: ReadDatabase,
  runId: number,
): StoredEncoder | undefined {
  return database
    .prepare(
      `SELECT run_id AS runId, file, sha256 FROM model WHERE run_id < ? ORDER BY run_id DESC LIMIT 1`,
    )
    .get(runId) as StoredEncoder | undefined;
}
