import type { MemoryPoint, RunProgressPoint } from '../ipc/answers.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

/** Points of a run's curves in order of step. */
export function listPoints(database: ReadDatabase, runId: number): readonly RunProgressPoint[] {
  return database
    .prepare(
      `SELECT step, epoch, loss, learning_rate AS learningRate, images_per_second AS imagesPerSecond,
         embedding_spread AS embeddingSpread FROM run_point WHERE run_id = ? ORDER BY step`,
    )
    .all(runId) as RunProgressPoint[];
}

/** Adds a point; one of the same step (after a resume) is replaced. */
export function insertPoint(database: WriteDatabase, runId: number, point: RunProgressPoint): void {
  database
    .prepare(
      `INSERT OR REPLACE INTO run_point (run_id, step, epoch, loss, learning_rate, images_per_second, embedding_spread)
       VALUES (@runId, @step, @epoch, @loss, @learningRate, @imagesPerSecond, @embeddingSpread)`,
    )
    .run({ ...point, runId });
}

/** The trainer's memory over time, in order. */
export function listMemory(database: ReadDatabase, runId: number): readonly MemoryPoint[] {
  return database
    .prepare(
      'SELECT at_ms AS atMs, resident_bytes AS residentBytes FROM run_memory WHERE run_id = ? ORDER BY at_ms',
    )
    .all(runId) as MemoryPoint[];
}

/** Adds a figure of the trainer's memory. */
export function insertMemory(database: WriteDatabase, runId: number, point: MemoryPoint): void {
  database
    .prepare('INSERT OR REPLACE INTO run_memory VALUES (@runId, @atMs, @residentBytes)')
    .run({ ...point, runId });
}

const orders = { run_point: 'step', run_memory: 'at_ms' } as const;

/**
 * Takes away every second row of a curve once it has more than `most`; the first and the newest stay. So a run of
 * any length keeps between most / 2 and most rows, evenly spread but for the newest part, which is finer.
 */
export function thinHistory(
  database: WriteDatabase,
  table: keyof typeof orders,
  runId: number,
  most: number,
): void {
  const order = orders[table];
  const count = database
    .prepare(`SELECT count(*) FROM ${table} WHERE run_id = ?`)
    .pluck()
    .get(runId) as number;
  if (count <= most) return;
  database
    .prepare(
      `DELETE FROM ${table} WHERE run_id = @runId AND ${order} IN (
         SELECT ${order} FROM (
           SELECT ${order}, row_number() OVER (ORDER BY ${order}) AS place, max(${order}) OVER () AS newest
           FROM ${table} WHERE run_id = @runId)
         WHERE place % 2 = 0 AND ${order} <> newest)`,
    )
    .run({ runId });
}
