import type { ReadDatabase, WriteDatabase } from './open.ts';

/** Two images; their order does not matter. */
export type ImagePair = { readonly imageA: number; readonly imageB: number };

/** One name for a pair, whichever of its images comes first. */
export const pairKey = ({ imageA, imageB }: ImagePair): string =>
  `${Math.min(imageA, imageB)} ${Math.max(imageA, imageB)}`;

/** Stores that a person refuses the pair; a veto that stands already is left as it is. */
export function insertVeto(
  database: WriteDatabase,
  { imageA, imageB }: ImagePair,
  userId: number,
  nowMs: number,
): void {
  database
    .prepare('INSERT INTO pair_veto VALUES (?, ?, ?, ?) ON CONFLICT (image_a, image_b) DO NOTHING')
    .run(Math.min(imageA, imageB), Math.max(imageA, imageB), userId, nowMs);
}

/** Takes a veto back. */
export function deleteVeto(database: WriteDatabase, { imageA, imageB }: ImagePair): void {
  database
    .prepare('DELETE FROM pair_veto WHERE image_a = ? AND image_b = ?')
    .run(Math.min(imageA, imageB), Math.max(imageA, imageB));
}

/** `pairKey` of every refused pair. */
export function listVetoes(database: ReadDatabase): ReadonlySet<string> {
  const rows = database
    .prepare('SELECT image_a AS imageA, image_b AS imageB FROM pair_veto')
    .all() as ImagePair[];
  return new Set(rows.map(pairKey));
}
