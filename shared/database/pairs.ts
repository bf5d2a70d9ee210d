import type { Modality } from '../imaging/study.ts';
import type { PairChoices } from '../ipc/case-answers.ts';
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

const selectedPair = `SELECT pair.id, pair.image_a AS imageA, pair.image_b AS imageB, relation, shape, direction, length, position, duration,
  p_value AS pValue, q_value AS qValue, reading_a AS readingA, reading_b AS readingB, reading_pairs AS readingPairs,
  (SELECT verdict FROM pair_verdict v WHERE v.image_a = pair.image_a AND v.image_b = pair.image_b) AS verdict`;

function toStoredPair(measure: MeasureName, row: PairRow): StoredPair {
  const { shape, direction, length, position, duration, ...pair } = row;
  return {
    ...pair,
    similarity:
      measure === 'multimatch'
        ? [shape, direction, length, position, duration].map((part) => part ?? 0)
        : [pair.relation],
  };
}

/** Which of a run's pairs are listed; null: any. */
export type PairFilter = {
  /** Only pairs whose relation is at least so high. */
  readonly atLeast: number;
  /** Pseudonym of a reader of one of the two readings behind the pair. */
  readonly reader: string | null;
  readonly modality: Modality | null;
  /** View position of the images; both are of one kind. */
  readonly view: string | null;
  readonly verdict: PairVerdict | 'to-judge' | null;
};

/**
 * The rows that the filter lets through but for `to-judge`. A list of ids is made once for each query, and each
 * pair looks itself up in it; judged pairs are few, so they are found from the verdicts.
 */
function sourceOf({ reader, modality, view }: PairFilter, verdicts: string | null): string {
  const parts = ['run_id = @runId AND measure = @measure AND relation >= @atLeast'];
  if (modality !== null || view !== null)
    parts.push(`pair.image_a IN (SELECT i.id FROM image i JOIN study s ON s.id = i.study_id
      WHERE (@modality IS NULL OR s.modality = @modality) AND (@view IS NULL OR i.view_position = @view))`);
  const ofReader =
    'IN (SELECT r.id FROM reading r JOIN user u ON u.id = r.user_id WHERE u.pseudonym = @reader)';
  if (reader !== null) parts.push(`(reading_a ${ofReader} OR reading_b ${ofReader})`);
  if (verdicts === null) return `FROM pair WHERE ${parts.join(' AND ')}`;
  return `FROM pair_verdict judged CROSS JOIN pair
      ON pair.image_a = judged.image_a AND pair.image_b = judged.image_b
    WHERE judged.verdict IN (${verdicts}) AND ${parts.join(' AND ')}`;
}

/** Pairs of a run that the filter lets through, most alike first; `total` counts all of them. */
export function pagePairs(
  database: ReadDatabase,
  runId: number,
  measure: MeasureName,
  filter: PairFilter,
  offset: number,
  limit: number,
): { readonly total: number; readonly pairs: readonly StoredPair[] } {
  const values = { ...filter, runId, measure };
  const count = (source: string): number =>
    database.prepare(`SELECT count(*) ${source}`).pluck().get(values) as number;
  const toJudge = filter.verdict === 'to-judge';
  const source = sourceOf(filter, toJudge || filter.verdict === null ? null : '@verdict');
  const total = count(source) - (toJudge ? count(sourceOf(filter, "'accepted', 'refused'")) : 0);
  const unjudged = `AND NOT EXISTS (SELECT 1 FROM pair_verdict v
    WHERE v.image_a = pair.image_a AND v.image_b = pair.image_b)`;
  const rows = database
    .prepare(
      `${selectedPair} ${source} ${toJudge ? unjudged : ''}
       ORDER BY relation DESC, pair.id LIMIT @limit OFFSET @offset`,
    )
    .all({ ...values, limit, offset }) as PairRow[];
  return { total, pairs: rows.map((row) => toStoredPair(measure, row)) };
}

/** One pair of a run, its images in either order; undefined where the run did not keep it. */
export function findPair(
  database: ReadDatabase,
  runId: number,
  measure: MeasureName,
  images: readonly [number, number],
): StoredPair | undefined {
  const row = database
    .prepare(
      `${selectedPair} FROM pair WHERE run_id = ? AND measure = ? AND image_a = ? AND image_b = ?`,
    )
    .get(runId, measure, Math.min(...images), Math.max(...images)) as PairRow | undefined;
  return row === undefined ? undefined : toStoredPair(measure, row);
}

/** Readers, modalities and views of the readings that took part in a run. */
export function listPairChoices(database: ReadDatabase, runId: number): PairChoices {
  const list = (column: string, table: string): string[] =>
    database
      .prepare(
        `SELECT DISTINCT ${column} FROM run_reading rr JOIN reading r ON r.id = rr.reading_id ${table}
         WHERE rr.run_id = ? AND ${column} IS NOT NULL ORDER BY 1`,
      )
      .pluck()
      .all(runId) as string[];
  return {
    readers: list('u.pseudonym', 'JOIN user u ON u.id = r.user_id'),
    modalities: list('s.modality', 'JOIN study s ON s.id = r.study_id') as Modality[],
    views: list('i.view_position', 'JOIN image i ON i.study_id = r.study_id'),
  };
}

/**
 * The reading behind an image of a pair: the one that the pair names, or where it names none (an older run, or
 * it is gone) the newest with gaze on the image that took part; undefined: none.
 */
export function readingBehind(
  database: ReadDatabase,
  runId: number,
  imageId: number,
  named: number | null,
): { readonly readingId: number; readonly simulated: boolean } | undefined {
  const found = 'SELECT g.reading_id AS readingId, g.simulated FROM gaze_recording g';
  const row = (
    named === null
      ? database
          .prepare(
            `${found} JOIN run_reading rr ON rr.reading_id = g.reading_id AND rr.run_id = ?
             WHERE EXISTS (SELECT 1 FROM viewport_state v WHERE v.recording_id = g.id AND v.image_id = ?)
             ORDER BY g.reading_id DESC LIMIT 1`,
          )
          .get(runId, imageId)
      : database.prepare(`${found} WHERE g.reading_id = ?`).get(named)
  ) as { readonly readingId: number; readonly simulated: number } | undefined;
  return row === undefined
    ? undefined
    : { readingId: row.readingId, simulated: row.simulated === 1 };
}
