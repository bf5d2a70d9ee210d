import {
  findRecordingId,
  findScreenFacts,
  insertRecording,
  listEvents,
  listSamples,
  listStates,
} from '../../shared/database/gaze.ts';
import type { WriteDatabase } from '../../shared/database/open.ts';
import {
  endReading,
  findOpenReading,
  findReading,
  insertReading,
  interruptOpenReadings,
  listReadings,
  type ReadingEnd,
} from '../../shared/database/readings.ts';
import { findStudy, nextUnread } from '../../shared/database/studies.ts';
import { newestConsent } from '../../shared/database/users.ts';
import { noScreenFacts } from '../../shared/gaze/geometry.ts';
import type { GazeSourceId } from '../../shared/gaze/samples.ts';
import type { SomeHandlers } from '../../shared/ipc/dispatch.ts';
import { StationError } from '../../shared/station-error.ts';
import { GazeRecorder } from './gaze/gaze-recorder.ts';
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
  /** The person in front of the station. */
  readonly userId: () => number;
  readonly appVersion: string;
  readonly nowMs: () => number;
  readonly hooks: ReadingHooks;
  /** Called when a reading begins or ends: the worklist looks different now. */
  readonly changed: () => void;
};

/**
 * Readings and their gaze. Gaze that came from a person in any way (eye, pointer, replay) is stored only
 * while that person's newest consent allows it. A person has at most one reading open.
 */
export function createReadings(options: ReadingsOptions): {
  readonly handlers: SomeHandlers<ReadingRequests>;
  /** After a start: readings that a killed station left open become interrupted; their gaze stays. */
  readonly recover: () => number;
} {
  const { database, userId, appVersion, nowMs, hooks, changed } = options;
  const recorder = new GazeRecorder(database);
  /** Sources of the readings that this station has open and records. */
  const sources = new Map<number, GazeSourceId>();

  const consentFor = (source: GazeSourceId): number | null => {
    const consent = newestConsent(database, userId());
    if (consent?.record === 1) return consent.id;
    if (source === 'simulated') return null;
    throw new StationError('no-consent');
  };

  const end = (readingId: number, how: ReadingEnd): void => {
    if (!endReading(database, { id: readingId, userId: userId() }, how, nowMs()))
      throw new StationError('reading-not-open');
    recorder.close(readingId);
    sources.delete(readingId);
    hooks.closed();
    changed();
  };

  const handlers: SomeHandlers<ReadingRequests> = {
    'reading.start': ({ studyId, gazeSource, device, nominalHz, ...screen }) => {
      if (findStudy(database, studyId) === undefined)
        throw new StationError('not-found', { what: 'study' });
      const consentId = gazeSource === 'off' ? null : consentFor(gazeSource);
      const before = findOpenReading(database, userId());
      if (before !== undefined) {
        if (before.studyId !== studyId) throw new StationError('reading-already-open');
        end(before.id, { state: 'left' });
      }
      const { screenWidthMm, viewingDistanceMm } = currentSettings(database);
      const startedAtMs = nowMs();
      const started = database.transaction(() => {
        const readingId = insertReading(database, {
          studyId,
          userId: userId(),
          state: 'open',
          startedAtMs,
          endedAtMs: null,
          assessment: null,
          note: '',
        });
        if (gazeSource === 'off') return { readingId, recordingId: null };
        const recordingId = insertRecording(database, {
          readingId,
          source: gazeSource,
          device,
          nominalHz,
          appVersion,
          screenWidthMm,
          screenWidthDip: screen.screenWidthDip,
          viewingDistanceMm,
          gazeErrorDip: gazeSource === 'webgazer' ? screen.gazeErrorDip : null,
          consentId,
          startedAtMs,
        });
        return { readingId, recordingId };
      })();
      if (started.recordingId !== null && gazeSource !== 'off') {
        recorder.open(started.readingId, started.recordingId);
        sources.set(started.readingId, gazeSource);
      }
      hooks.opened();
      changed();
      return started;
    },

    'reading.gaze': ({ readingId, ...batch }) => {
      const source = sources.get(readingId);
      if (source === undefined) throw new StationError('reading-not-open');
      // Consent can be withdrawn while a reading is open: from then on nothing more is stored.
      consentFor(source);
      recorder.append(readingId, batch);
      return { samples: batch.samples.length, states: batch.states.length };
    },

    'reading.finish': ({ readingId, assessment, note }) => {
      const studyId = findReading(database, readingId, nowMs())?.studyId;
      if (studyId === undefined) throw new StationError('reading-not-open');
      end(readingId, { state: 'finished', assessment, note });
      return { nextStudyId: nextUnread(database, studyId) ?? null };
    },

    'reading.leave': ({ readingId }) => {
      end(readingId, { state: 'left' });
      return {};
    },

    'reading.list': ({ studyId, limit }) => listReadings(database, studyId, limit, nowMs()),

    'reading.replay': ({ readingId }) => {
      const reading = findReading(database, readingId, nowMs());
      if (reading === undefined) throw new StationError('not-found', { what: 'reading' });
      const recordingId = findRecordingId(database, readingId);
      return {
        ...reading,
        study: describeStudy(database, reading.studyId),
        screen: recordingId === undefined ? noScreenFacts : findScreenFacts(database, recordingId),
        sampleList: recordingId === undefined ? [] : listSamples(database, recordingId),
        stateList: recordingId === undefined ? [] : listStates(database, recordingId),
        eventList: recordingId === undefined ? [] : listEvents(database, recordingId),
      };
    },
  };
  return { handlers, recover: () => interruptOpenReadings(database) };
}
