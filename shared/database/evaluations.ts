import {
  type EvaluationResult,
  evaluationResult,
  type SplitPart,
} from '../training/evaluation-result.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';
import { openPatientParts } from './patient-parts.ts';

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

/** An evaluation as it is stored. */
export type StoredEvaluation = {
  readonly evaluationId: number;
  readonly runId: number;
  readonly evaluatedAtMs: number;
  readonly result: EvaluationResult;
};

/** Every evaluation, oldest first. */
export function listEvaluations(database: ReadDatabase): readonly StoredEvaluation[] {
  const rows = database
    .prepare(
      `SELECT id AS evaluationId, run_id AS runId, evaluated_at_ms AS evaluatedAtMs, result
       FROM evaluation ORDER BY id`,
    )
    .all() as (Omit<StoredEvaluation, 'result'> & { readonly result: string })[];
  return rows.map(({ result, ...row }) => ({
    ...row,
    result: evaluationResult.parse(JSON.parse(result)),
  }));
}

/** A stored encoder with which a new one can be compared. */
export type StoredEncoder = {
  readonly runId: number;
  /** Relative to the data folder. */
  readonly file: string;
  readonly sha256: string;
  readonly isChampion: boolean;
};

/** Encoders of runs before this one whose files were not deleted: the champion, then the newest first. */
export function listEarlierEncoders(
  database: ReadDatabase,
  runId: number,
): readonly StoredEncoder[] {
  const rows = database
    .prepare(
      `SELECT run_id AS runId, file, sha256, id IS (SELECT model_id FROM model_alias_change
         WHERE alias = 'champion' ORDER BY id DESC LIMIT 1) AS isChampion
       FROM model WHERE run_id < ? AND file_deleted_at_ms IS NULL ORDER BY isChampion DESC, run_id DESC`,
    )
    .all(runId) as (Omit<StoredEncoder, 'isChampion'> & { readonly isChampion: number })[];
  return rows.map((row) => ({ ...row, isChampion: row.isChampion === 1 }));
}

/** Every image of the station with its patient and part. */
export function listPlacedImages(
  database: ReadDatabase,
): readonly { readonly imageId: number; readonly patientKey: string; readonly part: SplitPart }[] {
  const partOf = openPatientParts(database);
  const rows = database
    .prepare(
      `SELECT i.id AS imageId, s.patient_key AS patientKey
       FROM image i JOIN study s ON s.id = i.study_id ORDER BY i.id`,
    )
    .all() as { readonly imageId: number; readonly patientKey: string }[];
  return rows.map((row) => ({ ...row, part: partOf(row.patientKey) }));
}

/** Images that are in a pair of a run. */
export function listPairedImages(database: ReadDatabase, runId: number): readonly number[] {
  return database
    .prepare(
      'SELECT image_a FROM pair WHERE run_id = @runId UNION SELECT image_b FROM pair WHERE run_id = @runId',
    )
    .pluck()
    .all({ runId }) as number[];
}
