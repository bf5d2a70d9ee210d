import type { MinedPair } from '../trainer-protocol.ts';
import type { MeasureName } from '../training/run-configuration.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

/** Stores pairs in one transaction; a pair that is there already (after a resume) is left as it is. */
export function insertPairs(
  database: WriteDatabase,
  runId: number,
  measure: MeasureName,
  pairs: readonly MinedPair[],
): void {
  const insert = database.prepare(
    `INSERT OR IGNORE INTO pair (run_id, measure, image_a, image_b, relation, shape, direction, length, position, duration, p_value, q_value)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  database.transaction(() => {
    for (const { imageA, imageB, relation, similarity, pValue, qValue } of pairs) {
      const five = measure === 'multimatch' ? similarity : [];
      insert.run(
        runId,
        measure,
        Math.min(imageA, imageB),
        Math.max(imageA, imageB),
        relation,
        ...Array.from({ length: 5 }, (_, k) => five[k] ?? null),
        pValue,
        qValue,
      );
    }
  })();
}

export type StoredPair = {
  readonly id: number;
  readonly imageA: number;
  readonly imageB: number;
  readonly relation: number;
  /** Null for runs of before 0.1.0's chance pairs. */
  readonly pValue: number | null;
  readonly qValue: number | null;
  /** A person has refused the pair since: the next run leaves it out. */
  readonly vetoed: boolean;
  readonly similarity: readonly number[];
};

type PairRow = Omit<StoredPair, 'similarity' | 'vetoed'> & Readonly<Record<string, number | null>>;

/** Pairs of a run, most alike first, as far as their relation is at least so high; `total` counts those. */
export function pagePairs(
  database: ReadDatabase,
  runId: number,
  measure: MeasureName,
  atLeast: number,
  offset: number,
  limit: number,
): { readonly total: number; readonly pairs: readonly StoredPair[] } {
  const total = database
    .prepare('SELECT count(*) FROM pair WHERE run_id = ? AND measure = ? AND relation >= ?')
    .pluck()
    .get(runId, measure, atLeast) as number;
  const rows = database
    .prepare(
      `SELECT id, image_a AS imageA, image_b AS imageB, relation, shape, direction, length, position, duration,
         p_value AS pValue, q_value AS qValue,
         EXISTS (SELECT 1 FROM pair_veto v WHERE v.image_a = pair.image_a AND v.image_b = pair.image_b) AS vetoed
       FROM pair WHERE run_id = ? AND measure = ? AND relation >= ? ORDER BY relation DESC, id LIMIT ? OFFSET ?`,
    )
    .all(runId, measure, atLeast, limit, offset) as PairRow[];
  return {
    total,
    pairs: rows.map(({ id, imageA, imageB, relation, pValue, qValue, vetoed, ...parts }) => ({
      id,
      imageA,
      imageB,
      relation,
      pValue,
      qValue,
      vetoed: vetoed === 1,
      similarity:
        measure === 'multimatch'
          ? ['shape', 'direction', 'length', 'position', 'duration'].map((k) => parts[k] ?? 0)
          : [relation],
    })),
  };
}

/** The newest finished reading with gaze of an image's study that took part in the run, or any; undefined: none. */
export function readingBehind(
  database: ReadDatabase,
  runId: number,
  imageId: number,
): { readonly readingId: number; readonly simulated: boolean } | undefined {
  const row = database
    .prepare(
      `SELECT r.id AS readingId, g.simulated FROM reading r JOIN gaze_recording g ON g.reading_id = r.id
         JOIN run_reading rr ON rr.reading_id = r.id AND rr.run_id = ?
       WHERE EXISTS (SELECT 1 FROM viewport_state v WHERE v.recording_id = g.id AND v.image_id = ?)
       ORDER BY r.id DESC LIMIT 1`,
    )
    .get(runId, imageId) as { readingId: number; simulated: number } | undefined;
  return row === undefined
    ? undefined
    : { readingId: row.readingId, simulated: row.simulated === 1 };
}
