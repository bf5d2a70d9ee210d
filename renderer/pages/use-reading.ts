import { useEffect, useRef, useState } from 'react';
import type { StudyDetail } from '../../shared/ipc/answers.ts';
import type { Assessment } from '../../shared/imaging/study.ts';
import type { StationError } from '../../shared/station-error.ts';
import { createGazeSource } from '../gaze/create-source.ts';
import { readScreenWidthDip } from '../gaze/page-geometry.ts';
import { Recording, type RecordingStatus } from '../gaze/recording.ts';
import { station, toStationError } from '../station.ts';

/** A reading from its opening to its end. */
export type OpenReading = {
  readonly study: StudyDetail;
  readonly readingId: number;
  /** Undefined: nothing is recorded, for the reason `why`. */
  readonly recording: Recording | undefined;
  readonly why: Extract<RecordingStatus, { readonly kind: 'off' }>['why'];
};

export type ReadingPhase =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly reading: OpenReading }
  | { readonly kind: 'failed'; readonly error: StationError };

async function openReading(studyId: number): Promise<OpenReading> {
  const [study, settings, state] = await Promise.all([
    station.ask('study.open', { studyId }),
    station.ask('settings.get', {}),
    station.ask('station.state', {}),
  ]);
  const consented = state.consent?.record === true;
  const source = consented ? await createGazeSource(settings) : undefined;
  const { readingId } = await station.ask('reading.start', {
    studyId,
    gazeSource: source?.id ?? 'off',
    device: source?.device ?? '',
    nominalHz: source?.nominalHz ?? null,
    screenWidthDip: readScreenWidthDip(),
    gazeErrorDip: source?.gazeErrorDip ?? null,
  });
  const recording =
    source === undefined
      ? undefined
      : new Recording({
          readingId,
          source,
          send: (batch) => station.ask('reading.gaze', batch),
        });
  return { study, readingId, recording, why: consented ? 'switched-off' : 'no-consent' };
}

/**
 * Opens a reading of the study and records it; leaving the page in any other way than by `finish`
 * leaves the reading without an assessment, with its gaze stored.
 */
export function useReading(studyId: number): {
  readonly phase: ReadingPhase;
  readonly finish: (assessment: Assessment, note: string) => Promise<number | null>;
} {
  const [phase, setPhase] = useState<ReadingPhase>({ kind: 'opening' });
  const finished = useRef(false);

  useEffect(() => {
    let gone = false;
    finished.current = false;
    const opening = openReading(studyId);
    opening.then(
      (reading) => {
        if (gone) return;
        setPhase({ kind: 'open', reading });
        void reading.recording?.start();
      },
      (error: unknown) => {
        if (!gone) setPhase({ kind: 'failed', error: toStationError(error) });
      },
    );
    return () => {
      gone = true;
      opening
        .then(async ({ recording, readingId }) => {
          if (finished.current) return;
          await recording?.stop();
          await station.ask('reading.leave', { readingId });
        })
        // It never opened, or main has closed it already: nothing is left to do.
        .catch(() => undefined);
    };
  }, [studyId]);

  const finish = async (assessment: Assessment, note: string): Promise<number | null> => {
    if (phase.kind !== 'open') return null;
    const { recording, readingId } = phase.reading;
    await recording?.stop();
    const { nextStudyId } = await station.ask('reading.finish', { readingId, assessment, note });
    finished.current = true;
    return nextStudyId;
  };
  return { phase, finish };
}
