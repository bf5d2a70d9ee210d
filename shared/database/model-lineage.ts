import type { Modality } from '../imaging/study.ts';
import type { MeasureName } from '../training/run-configuration.ts';
import type { ReadDatabase } from './open.ts';

/** How many readings of one reader a model has learnt from; null: readings that were erased. */
export type ReaderShare = {
  /** Pseudonym. */
  readonly reader: string | null;
  readonly readings: number;
  /** Of these, readings whose gaze was made by a program. */
  readonly simulated: number;
  /** The reader no longer lets them be used for training. */
  readonly withdrawn: boolean;
};

/** Readings behind a model by reader; erased ones together under null. */
export function countModelReaders(database: ReadDatabase, version: number): readonly ReaderShare[] {
  const rows = database
    .prepare(
      `SELECT u.pseudonym AS reader, count(*) AS readings, coalesce(sum(g.simulated), 0) AS simulated,
         u.simulated = 0 AND
           (SELECT c.train FROM consent c WHERE c.user_id = u.id ORDER BY c.id DESC LIMIT 1) = 0 AS withdrawn
       FROM model_reading l
         LEFT JOIN reading r ON r.id = l.reading_id AND l.erased_at_ms IS NULL
         LEFT JOIN gaze_recording g ON g.reading_id = r.id
         LEFT JOIN user u ON u.id = r.user_id
       WHERE l.model_id = ? GROUP BY u.id ORDER BY u.pseudonym`,
    )
    .all(version) as (Omit<ReaderShare, 'withdrawn'> & { readonly withdrawn: number | null })[];
  return rows.map((row) => ({ ...row, withdrawn: row.reader !== null && row.withdrawn === 1 }));
}

/** Images behind a model by modality; null: images that were erased. Simulated ones are drawn by a program. */
export function countModelImages(
  database: ReadDatabase,
  version: number,
): readonly {
  readonly modality: Modality | null;
  readonly images: number;
  readonly simulated: number;
}[] {
  return database
    .prepare(
      `SELECT s.modality, count(*) AS images, coalesce(sum(i.simulated), 0) AS simulated
       FROM model_image l
         LEFT JOIN image i ON i.sha256 = l.sha256 AND l.erased_at_ms IS NULL
         LEFT JOIN study s ON s.id = i.study_id
       WHERE l.model_id = ? GROUP BY s.modality ORDER BY s.modality`,
    )
    .all(version) as {
    readonly modality: Modality | null;
    readonly images: number;
    readonly simulated: number;
  }[];
}

/** Where the gaze of the readings behind a model comes from, and how many readings each gave. */
export function countModelSources(
  database: ReadDatabase,
  version: number,
): readonly { readonly source: string; readonly readings: number }[] {
  return database
    .prepare(
      `SELECT g.source, count(*) AS readings
       FROM model_reading l JOIN reading r ON r.id = l.reading_id JOIN gaze_recording g ON g.reading_id = r.id
       WHERE l.model_id = ? AND l.erased_at_ms IS NULL GROUP BY g.source ORDER BY g.source`,
    )
    .all(version) as { readonly source: string; readonly readings: number }[];
}

/** Pairs of a run that are still stored, by measure. */
export function countRunPairs(
  database: ReadDatabase,
  runId: number,
): readonly { readonly measure: MeasureName; readonly pairs: number }[] {
  return database
    .prepare(
      'SELECT measure, count(*) AS pairs FROM pair WHERE run_id = ? GROUP BY measure ORDER BY measure',
    )
    .all(runId) as { readonly measure: MeasureName; readonly pairs: number }[];
}

/** Readings behind a model, in order; at most `limit`. */
export function listModelReadings(
  database: ReadDatabase,
  version: number,
  limit: number,
): readonly { readonly readingId: number; readonly erased: boolean }[] {
  const rows = database
    .prepare(
      `SELECT reading_id AS readingId, erased_at_ms IS NOT NULL AS erased FROM model_reading
       WHERE model_id = ? ORDER BY reading_id LIMIT ?`,
    )
    .all(version, limit) as { readonly readingId: number; readonly erased: number }[];
  return rows.map(({ readingId, erased }) => ({ readingId, erased: erased === 1 }));
}

/** Versions of the models that learnt from a reading that is there, oldest first. */
export function listModelsOfReading(database: ReadDatabase, readingId: number): readonly number[] {
  return database
    .prepare(
      'SELECT model_id FROM model_reading WHERE reading_id = ? AND erased_at_ms IS NULL ORDER BY model_id',
    )
    .pluck()
    .all(readingId) as number[];
}
