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
 * Thins a curve once it has more than `most` rows: of each of most / 2 equal parts of its range one row stays, and
 * the newest. So a run of any length keeps at most so many rows, evenly spread.
 */
export function thinHistory(
  database: WriteDatabase,
  table: keyof typeof orders,
  runId: number,
  most: number,
): void {
  const order = orders[table];
  const range = database
    .prepare(
      `SELECT count(*) AS count, min(${order}) AS low, max(${order}) AS high FROM ${table} WHERE run_id = ?`,
    )
    .get(runId) as { readonly count: number; readonly low: number; readonly high: number };
  if (range.count <= most) return;
  database
    .prepare(
      `DELETE FROM ${table} WHERE run_id = @runId AND ${order} < @high AND ${order} NOT IN (
         SELECT min(${order}) FROM ${table} WHERE run_id = @runId
         GROUP BY CAST((${order} - @low) * @parts / (@high - @low + 1) AS INTEGER))`,
    )
    .run({ runId, low: range.low, high: range.high, parts: Math.floor(most / 2) });
}
