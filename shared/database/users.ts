import type { ReadDatabase, WriteDatabase } from './open.ts';

export type UserRow = {
  readonly id: number;
  readonly name: string;
  readonly pseudonym: string;
  readonly role: 'reader' | 'admin';
  readonly simulated: number;
  readonly notice_acknowledged_at_ms: number | null;
};

const columns = 'id, name, pseudonym, role, simulated, notice_acknowledged_at_ms';

/** The first person of the station who is not simulated. */
export function findLocalUser(database: ReadDatabase): UserRow | undefined {
  return database
    .prepare(`SELECT ${columns} FROM user WHERE simulated = 0 ORDER BY id LIMIT 1`)
    .get() as UserRow | undefined;
}

/** Adds a person; answers the id. */
export function insertUser(
  database: WriteDatabase,
  user: Omit<UserRow, 'id' | 'notice_acknowledged_at_ms'>,
  nowMs: number,
): number {
  const { lastInsertRowid } = database
    .prepare(
      'INSERT INTO user (name, pseudonym, role, simulated, created_at_ms) VALUES (?, ?, ?, ?, ?)',
    )
    .run(user.name, user.pseudonym, user.role, user.simulated, nowMs);
  return Number(lastInsertRowid);
}

/** Stores that the person has read the research-use notice. */
export function acknowledgeNotice(database: WriteDatabase, userId: number, nowMs: number): void {
  database.prepare('UPDATE user SET notice_acknowledged_at_ms = ? WHERE id = ?').run(nowMs, userId);
}

export type ConsentRow = {
  readonly id: number;
  readonly record: number;
  readonly train: number;
  readonly export: number;
  readonly decided_at_ms: number;
};

/** The newest decision of a person, which is the one that counts; undefined: never asked. */
export function newestConsent(database: ReadDatabase, userId: number): ConsentRow | undefined {
  return database
    .prepare(
      'SELECT id, record, train, export, decided_at_ms FROM consent WHERE user_id = ? ORDER BY id DESC LIMIT 1',
    )
    .get(userId) as ConsentRow | undefined;
}

/** Adds a decision; earlier ones stay as they were. */
export function insertConsent(
  database: WriteDatabase,
  decision: {
    readonly userId: number;
    readonly textVersion: number;
    readonly record: boolean;
    readonly train: boolean;
    readonly export: boolean;
    readonly decidedAtMs: number;
  },
): void {
  database
    .prepare(
      'INSERT INTO consent (user_id, text_version, record, train, export, decided_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(
      decision.userId,
      decision.textVersion,
      Number(decision.record),
      Number(decision.train),
      Number(decision.export),
      decision.decidedAtMs,
    );
}
