import type { ReadDatabase, WriteDatabase } from './open.ts';

/** A run that waits for its turn. */
export type QueuedRun = {
  readonly runId: number;
  /** It goes on from its checkpoint. */
  readonly resume: boolean;
};

/** Waiting runs, the next one first. */
export function listQueue(database: ReadDatabase): readonly QueuedRun[] {
  const rows = database
    .prepare(`SELECT id AS runId, resume FROM run WHERE state = 'queued' ORDER BY queue_place, id`)
    .all() as { readonly runId: number; readonly resume: number }[];
  return rows.map(({ runId, resume }) => ({ runId, resume: resume === 1 }));
}

/** Puts a run that has ended at the end of the queue, to go on from its checkpoint. */
export function queueAgain(database: WriteDatabase, runId: number): void {
  database
    .prepare(
      `UPDATE run SET state = 'queued', resume = 1, ended_at_ms = NULL, error_code = NULL, error_details = NULL,
         holds = '[]', queue_place = (SELECT coalesce(max(queue_place), 0) + 1 FROM run WHERE state = 'queued')
       WHERE id = ?`,
    )
    .run(runId);
}

/** Writes the order of the queue, the next run first; every id is one of a waiting run. */
export function orderQueue(database: WriteDatabase, runIds: readonly number[]): void {
  const place = database.prepare(
    `UPDATE run SET queue_place = ? WHERE id = ? AND state = 'queued'`,
  );
  database.transaction(() => {
    for (const [index, runId] of runIds.entries()) place.run(index + 1, runId);
  })();
}
