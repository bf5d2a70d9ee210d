import { randomUUID } from 'node:crypto';
import type { WriteDatabase } from '../../shared/database/open.ts';
import { deleteSignaturesOfReader } from '../../shared/database/signatures.ts';
import { countDemonstration } from '../../shared/database/studies.ts';
import {
  acknowledgeNotice,
  findLocalUser,
  insertConsent,
  insertUser,
  newestConsent,
  type UserRow,
} from '../../shared/database/users.ts';
import type { StationState } from '../../shared/ipc/answers.ts';
import type { SomeHandlers } from '../../shared/ipc/dispatch.ts';
import type { Host } from '../host/host.ts';

/** Version of the consent's wording; raise it with every change of the words. */
export const consentTextVersion = 1;

type StateRequests = 'station.state' | 'station.acknowledge-notice' | 'consent.set';

/**
 * The person in front of the station. One local user, who is administrator too, is made at the first
 * start; signing in with several people comes with user administration. `gazeGone` is called when a reader's
 * gaze may no longer be used for training.
 */
export function createPeople(
  database: WriteDatabase,
  host: Host,
  nowMs: () => number,
  gazeGone: () => void,
): { readonly user: () => UserRow; readonly handlers: SomeHandlers<StateRequests> } {
  if (findLocalUser(database) === undefined)
    insertUser(
      database,
      {
        name: 'Reader 1',
        pseudonym: `reader-${randomUUID().slice(0, 8)}`,
        role: 'admin',
        simulated: 0,
      },
      nowMs(),
    );
  const user = (): UserRow => {
    const found = findLocalUser(database);
    if (found === undefined) throw new Error('The local user is gone from the database.');
    return found;
  };
  const state = (): StationState => {
    const { id, name, role, notice_acknowledged_at_ms: acknowledgedAt } = user();
    const consent = newestConsent(database, id);
    return {
      version: host.version,
      dataFolder: host.dataFolder,
      host: host.kind,
      nativeDialogs: host.nativeDialogs,
      user: { id, name, role },
      noticeAcknowledged: acknowledgedAt !== null,
      consent:
        consent === undefined
          ? null
          : {
              record: consent.record === 1,
              train: consent.train === 1,
              export: consent.export === 1,
              atMs: consent.decided_at_ms,
            },
      demonstrationStudies: countDemonstration(database),
    };
  };
  return {
    user,
    handlers: {
      'station.state': state,
      'station.acknowledge-notice': () => {
        acknowledgeNotice(database, user().id, nowMs());
        return state();
      },
      'consent.set': (decision) => {
        const { id: userId } = user();
        insertConsent(database, {
          ...decision,
          userId,
          textVersion: consentTextVersion,
          decidedAtMs: nowMs(),
        });
        if (!decision.train) {
          deleteSignaturesOfReader(database, userId);
          gazeGone();
        }
        return state();
      },
    },
  };
}
