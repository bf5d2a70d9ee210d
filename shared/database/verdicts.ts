import type { PairVerdict } from '../training/pair-verdicts.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

/** Two images; their order does not matter. */
export type ImagePair = { readonly imageA: number; readonly imageB: number };

/** One name for a pair, whichever of its images comes first. */
export const pairKey = ({ imageA, imageB }: ImagePair): string =>
  `${Math.min(imageA, imageB)} ${Math.max(imageA, imageB)}`;

/** Stores a person's verdict in the place of an earlier one; null takes it back. */
export function setVerdict(
  database: WriteDatabase,
  { imageA, imageB }: ImagePair,
  verdict: PairVerdict | null,
  userId: number,
  nowMs: number,
): void {
  const [a, b] = [Math.min(imageA, imageB), Math.max(imageA, imageB)];
  if (verdict === null)
    database.prepare('DELETE FROM pair_verdict WHERE image_a = ? AND image_b = ?').run(a, b);
  else
    database
      .prepare(
        `INSERT INTO pair_verdict (image_a, image_b, verdict, user_id, judged_at_ms) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (image_a, image_b) DO UPDATE
           SET verdict = excluded.verdict, user_id = excluded.user_id, judged_at_ms = excluded.judged_at_ms`,
      )
      .run(a, b, verdict, userId, nowMs);
}

/** `pairKey` of every refused pair. */
export function listRefused(database: ReadDatabase): ReadonlySet<string> {
  const rows = database
    .prepare(
      `SELECT image_a AS imageA, image_b AS imageB FROM pair_verdict WHERE verdict = 'refused'`,
    )
    .all() as ImagePair[];
  return new Set(rows.map(pairKey));
}
