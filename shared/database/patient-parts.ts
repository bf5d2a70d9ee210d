import { createHash } from 'node:crypto';
import type { SplitPart } from '../training/evaluation-result.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

/** How patients are put into parts: shares of train and validation; the rest is test. */
export type SplitRule = {
  /** Of this station, so that nobody can tell from elsewhere which patient is in which part. */
  readonly salt: string;
  readonly trainShare: number;
  readonly validationShare: number;
};

/** Salted SHA-256 of a patient's identity, hexadecimal; the identity cannot be read from it. */
export function hashPatient({ salt }: Pick<SplitRule, 'salt'>, patientKey: string): string {
  return createHash('sha256').update(`${salt}\n${patientKey}`).digest('hex');
}

/** The part that a patient's hash falls into: its first 48 bits as a number in [0, 1). */
export function drawPart(rule: SplitRule, patientHash: string): SplitPart {
  const place = Number.parseInt(patientHash.slice(0, 12), 16) / 2 ** 48;
  if (place < rule.trainShare) return 'train';
  return place < rule.trainShare + rule.validationShare ? 'validation' : 'test';
}

/** The station's rule, made with the database and frozen in it. */
export function readSplitRule(database: ReadDatabase): SplitRule {
  const row = database
    .prepare(
      'SELECT salt, train_share AS trainShare, validation_share AS validationShare FROM split_rule',
    )
    .get();
  if (row === undefined) throw new Error('The database has no rule for the split by patient.');
  return row as SplitRule;
}

/**
 * The part of any patient: the frozen one, or for a patient who is not assigned yet the one that the same
 * rule will give.
 */
export function openPatientParts(database: ReadDatabase): (patientKey: string) => SplitPart {
  const rule = readSplitRule(database);
  const rows = database.prepare('SELECT patient_hash AS hash, part FROM patient_part').all() as {
    readonly hash: string;
    readonly part: SplitPart;
  }[];
  const frozen = new Map(rows.map(({ hash, part }) => [hash, part]));
  const known = new Map<string, SplitPart>();
  return (patientKey) => {
    const before = known.get(patientKey);
    if (before !== undefined) return before;
    const hash = hashPatient(rule, patientKey);
    const part = frozen.get(hash) ?? drawPart(rule, hash);
    known.set(patientKey, part);
    return part;
  };
}

/** Freezes the part of every patient who has none yet; answers how many there were. */
export function assignPatientParts(database: WriteDatabase, nowMs: number): number {
  const rule = readSplitRule(database);
  const insert = database.prepare(
    'INSERT OR IGNORE INTO patient_part (patient_hash, part, assigned_at_ms) VALUES (?, ?, ?)',
  );
  return database.transaction(() => {
    const keys = database.prepare('SELECT DISTINCT patient_key FROM study').pluck().all();
    let added = 0;
    for (const key of keys as string[]) {
      const hash = hashPatient(rule, key);
      added += insert.run(hash, drawPart(rule, hash), nowMs).changes;
    }
    return added;
  })();
}
