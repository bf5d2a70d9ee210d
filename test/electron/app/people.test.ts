import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createPeople } from '../../../electron/app/people.ts';
import { forgetRelations } from '../../../electron/app/training/mining-folder.ts';
import { createNodeHost } from '../../../electron/host/node-host.ts';
import { insertSignatures, listDescribed } from '../../../shared/database/signatures.ts';
import { insertReading } from '../../../shared/database/readings.ts';
import { addStudy, openIn, temporaryFolder } from '../../fixtures/station-rows.ts';

test('a reader who withdraws from training leaves no signature and no relation behind', (t) => {
  const folder = temporaryFolder(t);
  const database = openIn(folder);
  t.after(() => database.close());
  const people = createPeople(
    database,
    createNodeHost(folder),
    () => 1000,
    () => forgetRelations(folder),
  );
  const decide = (train: boolean) =>
    people.handlers['consent.set']({ record: true, train, export: false });
  const { studyId, imageIds } = addStudy(database, 'a');
  const readingId = insertReading(database, {
    studyId,
    userId: people.user().id,
    state: 'finished',
    startedAtMs: 0,
    endedAtMs: 1,
    assessment: 'normal',
    note: '',
  });
  decide(true);
  const kind = { measure: 'multimatch', version: '1' };
  insertSignatures(database, kind, [
    {
      readingId,
      lostShare: 0,
      signatures: [{ imageId: imageIds[0] ?? 0, signature: Uint8Array.of(1) }],
    },
  ]);
  const relations = path.join(folder, 'mining');
  mkdirSync(relations);
  writeFileSync(path.join(relations, 'all-multimatch-1.json'), '{}');
  decide(true);
  assert.equal(listDescribed(database, kind).size, 1);
  assert.ok(existsSync(relations));
  decide(false);
  assert.equal(listDescribed(database, kind).size, 0);
  assert.ok(!existsSync(relations));
});
