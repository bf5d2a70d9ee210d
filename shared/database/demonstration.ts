import type { ReadDatabase, WriteDatabase } from './open.ts';

/** Whether the database holds no study at all. */
export function hasNoStudy(database: ReadDatabase): boolean {
  return database.prepare('SELECT 1 FROM study LIMIT 1').get() === undefined;
}

/** Whether somebody has a study of the demonstration library open. */
export function isDemonstrationOpen(database: ReadDatabase): boolean {
  const row = database
    .prepare(
      `SELECT 1 FROM reading r JOIN study s ON s.id = r.study_id WHERE r.state = 'open' AND s.demonstration = 1 LIMIT 1`,
    )
    .get();
  return row !== undefined;
}

/** Whether a run is under way, which may be reading the pictures. */
export function isRunActive(database: ReadDatabase): boolean {
  return (
    database
      .prepare("SELECT 1 FROM run WHERE state IN ('queued', 'running', 'paused') LIMIT 1")
      .get() !== undefined
  );
}

/**
 * Removes the studies of the demonstration library with their pictures, every reading of them and what
 * was mined from them; simulated readers without a reading left; and a setting that names a reading that
 * is gone. Runs, models and everything real stay. One transaction. Answers how many studies went, and
 * the SHA-256 of the pixel files that nothing refers to any more.
 */
export function deleteDemonstration(database: WriteDatabase): {
  readonly studies: number;
  readonly files: readonly string[];
} {
  return database.transaction(() => {
    const files = database
      .prepare(
        'SELECT sha256 FROM image WHERE study_id IN (SELECT id FROM study WHERE demonstration = 1)',
      )
      .all() as { readonly sha256: string }[];
    // Readings first: their viewport states name pictures and go with them.
    database
      .prepare(
        'DELETE FROM reading WHERE study_id IN (SELECT id FROM study WHERE demonstration = 1)',
      )
      .run();
    // A reading of a real study that showed a demonstration picture beside it stays; the picture is gone.
    database
      .prepare(
        `UPDATE viewport_state SET image_id = NULL WHERE image_id IN
           (SELECT i.id FROM image i JOIN study s ON s.id = i.study_id WHERE s.demonstration = 1)`,
      )
      .run();
    const { changes } = database.prepare('DELETE FROM study WHERE demonstration = 1').run();
    database
      .prepare('DELETE FROM user WHERE simulated = 1 AND id NOT IN (SELECT user_id FROM reading)')
      .run();
    database
      .prepare(
        `DELETE FROM setting WHERE name = 'replayReadingId'
           AND CAST(value AS INTEGER) NOT IN (SELECT id FROM reading)`,
      )
      .run();
    return { studies: changes, files: files.map(({ sha256 }) => sha256) };
  })();
}
