import {
  type GazeAppender,
  type GazeBatch,
  type NextNumbers,
  nextNumbers,
  prepareAppending,
} from '../../../shared/database/gaze.ts';
import { findImageFile } from '../../../shared/database/images.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { StationError } from '../../../shared/station-error.ts';

type OpenRecording = { readonly recordingId: number; next: NextNumbers };

/**
 * Writes the gaze of open readings. A batch is on disk (in the write-ahead log) when `append` returns, so
 * a killed station loses only what the page had not yet sent. Nothing is dropped, sorted or corrected:
 * samples whose time goes backwards are stored as they came, in the order of their numbers; who derives
 * something sorts by time, and the export counts them (dataset.json).
 */
export class GazeRecorder {
  readonly #database: WriteDatabase;
  readonly #append: GazeAppender;
  readonly #open = new Map<number, OpenRecording>();

  constructor(database: WriteDatabase) {
    this.#database = database;
    this.#append = prepareAppending(database);
  }

  /** Takes batches for this reading from now on. */
  open(readingId: number, recordingId: number): void {
    this.#open.set(readingId, { recordingId, next: nextNumbers(this.#database, recordingId) });
  }

  /** Takes no more batches for this reading. */
  close(readingId: number): void {
    this.#open.delete(readingId);
  }

  isOpen(readingId: number): boolean {
    return this.#open.has(readingId);
  }

  /**
   * Stores one batch, all of it or nothing. Throws StationError reading-not-open; not-found for an image
   * that is not in the database; invalid-input for a valid sample without a place.
   */
  append(readingId: number, batch: GazeBatch): void {
    const recording = this.#open.get(readingId);
    if (recording === undefined) throw new StationError('reading-not-open');
    for (const { valid, xDip, yDip } of batch.samples)
      if (valid && (xDip === null || yDip === null))
        throw new StationError('invalid-input', {
          request: 'reading.gaze',
          field: 'samples',
          problem: 'a valid sample has coordinates',
        });
    for (const imageId of new Set(batch.states.map((state) => state.imageId)))
      if (imageId !== null && findImageFile(this.#database, imageId) === undefined)
        throw new StationError('not-found', { what: 'image' });
    const { next } = recording;
    this.#append(recording.recordingId, next, batch);
    recording.next = {
      sample: next.sample + batch.samples.length,
      state: next.state + batch.states.length,
      event: next.event + batch.events.length,
    };
  }
}
