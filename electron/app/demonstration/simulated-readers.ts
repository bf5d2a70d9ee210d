import { insertRecording, nextNumbers, prepareAppending } from '../../../shared/database/gaze.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { insertReading } from '../../../shared/database/readings.ts';
import { insertUser } from '../../../shared/database/users.ts';
import type { Assessment } from '../../../shared/imaging/study.ts';
import { createRandom } from '../../../shared/random.ts';
import { type SearchStyle, type SimulatedImage, simulateReading } from './simulate-reading.ts';

const readers: readonly { readonly letter: string; readonly style: SearchStyle }[] = [
  { letter: 'A', style: 'systematic' },
  { letter: 'B', style: 'salient-first' },
];

/** A study as the simulated readers get it. */
export type SimulatedStudy = {
  readonly studyId: number;
  readonly images: readonly SimulatedImage[];
  readonly assessment: Assessment;
};

/**
 * Lets the simulated readers A and B read every study and stores it as simulated: in the reader, the
 * recording's source and flag, its device, and the note. Call it inside a transaction.
 */
export function storeSimulatedReadings(
  database: WriteDatabase,
  studies: readonly SimulatedStudy[],
  {
    seed,
    appVersion,
    nowMs,
  }: { readonly seed: number; readonly appVersion: string; readonly nowMs: number },
): void {
  const append = prepareAppending(database);
  for (const [r, { letter, style }] of readers.entries()) {
    const name = `Simulated reader ${letter}`;
    const userId = insertUser(
      database,
      { name, pseudonym: `simulated-reader-${letter.toLowerCase()}`, role: 'reader', simulated: 1 },
      nowMs,
    );
    for (const [s, study] of studies.entries()) {
      const random = createRandom(seed + 1000 * (r + 1) + s);
      const { durationMs, ...batch } = simulateReading(
        study.images,
        { style, zooms: (s + r) % 3 === 0 },
        random,
      );
      const startedAtMs = nowMs - durationMs;
      const readingId = insertReading(database, {
        studyId: study.studyId,
        userId,
        state: 'finished',
        startedAtMs,
        endedAtMs: nowMs,
        assessment: study.assessment,
        note: 'Simulated: no person has read this study.',
      });
      const recordingId = insertRecording(database, {
        readingId,
        source: 'simulated',
        device: `${name}, seed ${seed}`,
        nominalHz: 60,
        appVersion,
        screenWidthMm: null,
        screenWidthDip: null,
        viewingDistanceMm: null,
        gazeErrorDip: null,
        consentId: null,
        startedAtMs,
      });
      append(recordingId, nextNumbers(database, recordingId), batch);
    }
  }
}
