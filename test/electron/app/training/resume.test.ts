import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunQueue } from '../../../../electron/app/training/run-queue.ts';
import { insertRun } from '../../../../shared/database/runs.ts';
import { wordError } from '../../../../shared/messages/error-messages.ts';
import { StationError } from '../../../../shared/station-error.ts';
import { canResume, type RunState, runStates } from '../../../../shared/training/run-states.ts';
import { addReader, openIn, temporaryFolder } from '../../../fixtures/station-rows.ts';

test('only what was interrupted or failed for a passing reason is resumed', () => {
  assert.deepEqual(
    runStates.filter((state) => canResume(state, null)),
    ['failed', 'interrupted'],
  );
  for (const code of [
    'loss-not-finite',
    'representation-collapsed',
    'too-few-images',
    'too-few-readings',
    'weights-do-not-fit',
  ])
    assert.equal(canResume('failed', code), false, code);
  for (const code of ['trainer-crashed', 'trainer-silent', 'disk-full', 'out-of-memory'])
    assert.equal(canResume('failed', code), true, code);
});

const refused: readonly (readonly [RunState, string | null, RegExp])[] = [
  ['queued', null, /^Run 1 waits in the queue already/u],
  ['done', null, /^Run 1 is done, so there is nothing to resume\. Start a new run/u],
  ['cancelled', null, /^Run 1 was cancelled.*Start a new one with the same settings/u],
  ['failed', 'loss-not-finite', /Lower the learning rate/u],
  ['failed', 'representation-collapsed', /Change learning rate, batch size or method/u],
];
for (const [state, code, sentence] of refused)
  test(`a run is not resumed, and the sentence says what to do: ${state} ${code ?? ''}`, (t) => {
    const database = openIn(temporaryFolder(t));
    t.after(() => database.close());
    const queue = new RunQueue({
      database,
      nowMs: () => 0,
      appVersion: 'test',
      takesUpQueue: false,
    });
    const userId = addReader(database);
    const run = { configuration: '{}', userId, createdAtMs: 0, appVersion: 'test' };
    const runId = insertRun(database, run);
    const change = database.prepare('UPDATE run SET state = ?, error_code = ? WHERE id = ?');
    change.run(state, code, runId);
    assert.throws(
      () => queue.addAgain(runId),
      (error) => error instanceof StationError && sentence.test(wordError(error)),
    );
    assert.deepEqual(queue.list(), []);
    change.run('failed', 'trainer-crashed', runId);
    queue.addAgain(runId);
    assert.deepEqual([queue.list(), queue.resumes(runId)], [[runId], true]);
  });
