import {
  createGazeWriter,
  insertRecording,
  readEvents,
  readSamples,
  readStates,
} from '../../shared/database/gaze.ts';
import type { WriteDatabase } from '../../shared/database/open.ts';
import {
  endReading,
  findOpenReading,
  findReading,
  insertReading,
  interruptOpenReadings,
  listReadings,
  type StoredReading,
} from '../../shared/database/readings.ts';
import { findStudy, nextUnread } from '../../shared/database/studies.ts';
import { newestConsent } from '../../shared/database/users.ts';
import type { ReadingRow } from '../../shared/ipc/answers.ts';
import type { SomeHandlers } from '../../shared/ipc/dispatch.ts';
import { StationError } from '../../shared/station-error.ts';
import { currentSettings } from './settings.ts';
import { describeStudy } from './worklist.ts';

type ReadingRequests =
  | 'reading.start'
  | 'reading.gaze'
  | 'reading.finish'
  | 'reading.leave'
  | 'reading.list'
  | 'reading.replay';

/** Who is told that somebody reads, so that training can wait. */
export type ReadingHooks = { readonly opened: () => void; readonly closed: () => void };

type ReadingsOptions = {
  readonly database: WriteDatabase;
  readonly userId: () => number;
  readonly appVersion: string;
  readonly nowMs: () => number;
  readonly hooks: ReadingHooks;
  /** Called when a reading begins or ends: the worklist looks different now. */
  readonly changed: () => void;
};

function toRow(reading: StoredReading): ReadingRow {
  return {
    readingId: reading.id,
    studyId: reading.study_id,
    patient: reading.patient,
    modality: reading.modality,
    reader: reading.reader,
    state: reading.state,
    startedAtMs: reading.started_at_ms,
    durationMs: Math.max(0, (reading.ended_at_ms ?? reading.started_at_ms) - reading.started_at_ms),
    assessment: reading.assessment,
    note: reading.note,
    gazeSource: reading.source,
    samples: reading.samples,
    simulated: reading.simulated === 1,
  };
}

/**
 * Readings and their gaze. Raw gaze is stored as it comes, in its order, each batch in one transaction:
 * a killed station loses at most the batch that was not yet sent. Nothing is stored without consent.
 */
export function createReadings(options: ReadingsOptions): {
  readonly handlers: SomeHandlers<ReadingRequests>;
  /** After a start: readings that a killed station left open become interrupted; their gaze stays. */
  readonly recover: () => number;
} {
  const { database, userId, appVersion, nowMs, hooks, changed } = options;
  const writer = createGazeWriter(database);
  /** Recording ids of open readings; null: opened without a recording. */
  const open = new Map<number, number | null>();

  const requireOpen = (readingId: number): number | null => {
    const recordingId = open.get(readingId);
    if (recordingId === undefined) throw new StationError('reading-not-open');
    return recordingId;
  };

  const close = (
    readingId: number,
    end: Omit<Parameters<typeof endReading>[2], 'endedAtMs'>,
  ): void => {
    requireOpen(readingId);
    endReading(database, readingId, { ...end, endedAtMs: nowMs() });
    open.delete(readingId);
    if (open.size === 0) hooks.closed();
    changed();
  };

  const handlers: SomeHandlers<ReadingRequests> = {
    'reading.start': ({ studyId, gazeSource, device, nominalHz }) => {
      if (findStudy(database, studyId) === undefined)
        throw new StationError('not-found', { what: 'study' });
      const consent = newestConsent(database, userId());
      if (gazeSource !== 'off' && consent?.record !== 1) throw new StationError('no-consent');
      const before = findOpenReading(database, userId());
      if (before !== undefined) {
        if (before.study_id !== studyId) throw new StationError('reading-already-open');
        close(before.id, { state: 'left', assessment: null, note: before.note });
      }
      const { screenWidthMm, viewingDistanceMm } = currentSettings(database);
      const started = database.transaction(() => {
        const startedAtMs = nowMs();
        const readingId = insertReading(database, { studyId, userId: userId(), startedAtMs });
        const recordingId =
          gazeSource === 'off'
            ? null
            : insertRecording(database, {
                readingId,
                source: gazeSource,
                device,
                nominalHz,
                appVersion,
                screenWidthMm,
                viewingDistanceMm,
                consentId: consent?.id ?? null,
                startedAtMs,
              });
        return { readingId, recordingId };
      })();
      open.set(started.readingId, started.recordingId);
      hooks.opened();
      changed();
      return started;
    },

    'reading.gaze': ({ readingId, samples, states, events }) => {
      const recordingId = requireOpen(readingId);
      if (recordingId === null || newestConsent(database, userId())?.record !== 1)
        throw new StationError('no-consent');
      for (const { valid, xDip, yDip } of samples)
        if (valid && (xDip === null || yDip === null))
          throw new StationError('invalid-input', {
            field: 'samples',
            problem: 'a valid sample has coordinates',
          });
      writer.write(recordingId, { samples, states, events });
      return { samples: samples.length, states: states.length };
    },

    'reading.finish': ({ readingId, assessment, note }) => {
      const studyId = findReading(database, readingId)?.study_id ?? 0;
      close(readingId, { state: 'finished', assessment, note });
      return { nextStudyId: nextUnread(database, studyId) ?? null };
    },

    'reading.leave': ({ readingId }) => {
      close(readingId, { state: 'left', assessment: null, note: '' });
      return {};
    },

    'reading.list': ({ studyId, limit }) => listReadings(database, studyId, limit).map(toRow),

    'reading.replay': ({ readingId }) => {
      const reading = findReading(database, readingId);
      if (reading === undefined) throw new StationError('not-found', { what: 'reading' });
      const { recording_id: recordingId } = reading;
      return {
        ...toRow(reading),
        study: describeStudy(database, reading.study_id),
        sampleList: recordingId === null ? [] : readSamples(database, recordingId),
        stateList: recordingId === null ? [] : readStates(database, recordingId),
        eventList: recordingId === null ? [] : readEvents(database, recordingId),
      };
    },
  };
  return { handlers, recover: () => interruptOpenReadings(database) };
}
