import type { MinedPair } from '../trainer-protocol.ts';
import type { MeasureName } from '../training/run-configuration.ts';
import type { PairVerdict } from '../training/pair-verdicts.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

/** Stores pairs in one transaction; a pair that is there already (after a resume) is left as it is. */
export function insertPairs(
  database: WriteDatabase,
  runId: number,
  measure: MeasureName,
  pairs: readonly MinedPair[],
): void {
  const insert = database.prepare(
    `INSERT OR IGNORE INTO pair (run_id, measure, image_a, image_b, relation, shape, direction, length, position, duration, p_value, q_value,
       reading_a, reading_b, reading_pairs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  database.transaction(() => {
    for (const pair of pairs) {
      const { imageA, imageB, relation, similarity, pValue, qValue } = pair;
      const turned = imageA > imageB;
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
        turned ? pair.readingB : pair.readingA,
        turned ? pair.readingA : pair.readingB,
        pair.readingPairs,
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
  /** What a person thinks of it by now. */
  readonly verdict: PairVerdict | null;
  readonly readingA: number | null;
  readonly readingB: number | null;
  readonly readingPairs: number;
  readonly similarity: readonly number[];
};

type PairRow = Omit<StoredPair, 'similarity'> &
  Readonly<Record<'shape' | 'direction' | 'length' | 'position' | 'duration', number | null>>;

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
         reading_a AS readingA, reading_b AS readingB, reading_pairs AS readingPairs,
         (SELECT verdict FROM pair_verdict v WHERE v.image_a = pair.image_a AND v.image_b = pair.image_b) AS verdict
       FROM pair WHERE run_id = ? AND measure = ? AND relation >= ? ORDER BY relation DESC, id LIMIT ? OFFSET ?`,
    )
    .all(runId, measure, atLeast, limit, offset) as PairRow[];
  return {
    total,
    pairs: rows.map(({ shape, direction, length, position, duration, ...pair }) => ({
      ...pair,
      similarity:
        measure === 'multimatch'
          ? [shape, direction, length, position, duration].map((part) => part ?? 0)
          : [pair.relation],
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
