import { minedMeasures, type RunConfiguration } from '../training/run-configuration.ts';
import type { ScheduleFacts } from '../training/schedule.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';
import { openPatientParts } from './patient-parts.ts';
import { clearRun } from './runs.ts';

/** What was counted once and does not change: it is not counted again at each look. */
export type KnownFacts = {
  /** By recording. */
  readonly lostShares: Map<number, number>;
  /** By the runs that are compared. */
  readonly newPairs: Map<string, number>;
};

/** Nothing known yet. */
export const createKnownFacts = (): KnownFacts => ({ lostShares: new Map(), newPairs: new Map() });

/**
 * The same options for a run that only mines, for the schedule's count of pairs: by nothing but what the positives come
 * from, and of the patients whom a run that trains would take.
 */
export const toMining = (configuration: RunConfiguration): RunConfiguration => ({
  ...configuration,
  measures: [],
  mineOnly: true,
  holdOutTest: true,
});

/** A run, and what came after it. */
type Mark = { readonly runId: number; readonly createdAtMs: number };
type Reading = { readonly readingId: number; readonly endedAtMs: number };

const learns = `configuration ->> '$.mineOnly' = 0 AND configuration ->> '$.useGaze' = 1`;

/** The newest run of which this is true, with `@mining` for the stored options of mining. */
function findMark(database: ReadDatabase, where: string, mining: string): Mark | undefined {
  return database
    .prepare(
      `SELECT id AS runId, created_at_ms AS createdAtMs FROM run
       WHERE ${where} AND @mining IS NOT NULL ORDER BY id DESC LIMIT 1`,
    )
    .get({ mining }) as Mark | undefined;
}

/** Whether a reading came after a run was queued and takes no part in it; true where there is no run. */
function openIsAfter(
  database: ReadDatabase,
  mark: Mark | undefined,
): (reading: Reading) => boolean {
  if (mark === undefined) return () => true;
  const used = database
    .prepare('SELECT reading_id FROM run_reading WHERE run_id = ?')
    .pluck()
    .all(mark.runId) as number[];
  const inRun = new Set(used);
  return ({ readingId, endedAtMs }) => endedAtMs > mark.createdAtMs && !inRun.has(readingId);
}

/** Share of a recording's samples that is lost; undefined where it has none. */
function readLostShare(
  database: ReadDatabase,
  recordingId: number,
  { lostShares }: KnownFacts,
): number | undefined {
  const known = lostShares.get(recordingId);
  if (known !== undefined) return known;
  const share = database
    .prepare('SELECT avg(1 - valid) FROM gaze_sample WHERE recording_id = ?')
    .pluck()
    .get(recordingId) as number | null;
  if (share === null) return undefined;
  lostShares.set(recordingId, share);
  return share;
}

/**
 * Readings that a run by this configuration could learn from and that ended after `afterMs`: with consent, gaze that
 * passes the gate, and a patient who is not held out for test.
 */
function listReadings(
  database: ReadDatabase,
  { modality, includeSimulated, maxLostShare }: RunConfiguration,
  afterMs: number,
  known: KnownFacts,
): readonly Reading[] {
  const rows = database
    .prepare(
      `SELECT r.id AS readingId, r.ended_at_ms AS endedAtMs, g.id AS recordingId, s.patient_key AS patientKey
       FROM reading r JOIN gaze_recording g ON g.reading_id = r.id
         JOIN study s ON s.id = r.study_id JOIN user u ON u.id = r.user_id
       WHERE r.state = 'finished' AND r.ended_at_ms > @afterMs
         AND (@modality IS NULL OR s.modality = @modality)
         AND (@includeSimulated = 1 OR g.simulated = 0)
         AND (u.simulated = 1 OR
           (SELECT c.train FROM consent c WHERE c.user_id = u.id ORDER BY c.id DESC LIMIT 1) = 1)`,
    )
    .all({ modality, includeSimulated: Number(includeSimulated), afterMs }) as (Reading & {
    readonly recordingId: number;
    readonly patientKey: string;
  })[];
  if (rows.length === 0) return [];
  const partOf = openPatientParts(database);
  return rows.filter(({ recordingId, patientKey }) => {
    if (partOf(patientKey) === 'test') return false;
    const lost = readLostShare(database, recordingId, known);
    return lost !== undefined && lost <= maxLostShare;
  });
}

/** Pairs of a mining, by the configuration's measures, that the other run did not have. */
function countNewPairs(
  database: ReadDatabase,
  configuration: RunConfiguration,
  minedId: number,
  trainedId: number | null,
): number {
  return database
    .prepare(
      `SELECT count(*) FROM pair p WHERE p.run_id = @minedId
         AND p.measure IN (SELECT value FROM json_each(@measures))
         AND NOT EXISTS (SELECT 1 FROM pair q WHERE q.run_id = @trainedId AND q.measure = p.measure
           AND q.image_a = p.image_a AND q.image_b = p.image_b)`,
    )
    .pluck()
    .get({
      minedId,
      trainedId,
      measures: JSON.stringify(minedMeasures({ ...configuration, measures: [] })),
    }) as number;
}

/**
 * What the schedule is judged by. Readings are new until a run with gaze has trained to its end: one that only mines,
 * has no gaze, fails or is cancelled leaves the count alone. Pairs are counted in the newest finished mining by the same
 * options; a mining older than the run that the schedule tried last is not counted again.
 */
export function gatherScheduleFacts(
  database: ReadDatabase,
  configuration: RunConfiguration,
  known: KnownFacts,
): Omit<ScheduleFacts, 'underWay'> {
  const mining = JSON.stringify(toMining(configuration));
  const find = (where: string): Mark | undefined => findMark(database, where, mining);
  const trained = find(`state = 'done' AND ${learns}`);
  const tried = find(`started_for != 'hand' AND configuration ->> '$.mineOnly' = 0`);
  const mined = find(`state = 'done' AND configuration = @mining`);
  // One that was interrupted is begun anew.
  const mineTried = find(`state != 'interrupted' AND configuration = @mining`);
  const readings = listReadings(database, configuration, trained?.createdAtMs ?? -1, known).filter(
    openIsAfter(database, trained),
  );
  const countsAfter = Math.max(trained?.runId ?? 0, tried?.runId ?? 0);
  let newPairs = 0;
  if (mined !== undefined && mined.runId > countsAfter) {
    const key = `${mined.runId} ${trained?.runId}`;
    newPairs =
      known.newPairs.get(key) ??
      countNewPairs(database, configuration, mined.runId, trained?.runId ?? null);
    known.newPairs.set(key, newPairs);
  }
  return {
    newReadings: readings.length,
    readingsSinceTry: readings.filter(openIsAfter(database, tried)).length,
    newPairs,
    unminedReadings: readings.filter(openIsAfter(database, mineTried)).length,
    minedAtMs: mineTried?.createdAtMs ?? null,
  };
}

/** Deletes what the schedule mined to count pairs, but for the newest mining that ended: the next one finds it all. */
export function forgetMinings(database: WriteDatabase): void {
  const runIds = database
    .prepare(
      `SELECT id FROM run r WHERE started_for = 'pairs' AND state = 'done' AND configuration ->> '$.mineOnly' = 1
         AND EXISTS (SELECT 1 FROM mined m WHERE m.run_id = r.id)
         AND id < (SELECT max(id) FROM run WHERE started_for = 'pairs' AND state = 'done'
           AND configuration ->> '$.mineOnly' = 1)`,
    )
    .pluck()
    .all() as number[];
  for (const runId of runIds) clearRun(database, runId);
}
