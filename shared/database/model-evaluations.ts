import { type EvaluationResult, evaluationResult } from '../training/evaluation-result.ts';
import type { ReadDatabase } from './open.ts';

/** An evaluation as it is stored, one for a run. */
export type StoredEvaluation = {
  /** The number of the run that made it. */
  readonly evaluationId: number;
  readonly evaluatedAtMs: number;
  readonly result: EvaluationResult;
};

/** Every evaluation, oldest first. */
export function listEvaluations(database: ReadDatabase): readonly StoredEvaluation[] {
  const rows = database
    .prepare(
      'SELECT run_id AS evaluationId, evaluated_at_ms AS evaluatedAtMs, result FROM evaluation ORDER BY run_id',
    )
    .all() as (Omit<StoredEvaluation, 'result'> & { readonly result: string })[];
  return rows.map((row) => ({ ...row, result: evaluationResult.parse(JSON.parse(row.result)) }));
}
