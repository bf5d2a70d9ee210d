import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../../../shared/database/open.ts';
import {
  insertMemory,
  insertPoint,
  listMemory,
  listPoints,
  thinHistory,
} from '../../../shared/database/run-history.ts';
import { insertRun } from '../../../shared/database/runs.ts';
import { insertUser } from '../../../shared/database/users.ts';

test('a curve of any length keeps its first and newest row and at most so many between', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-history-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const database = openDatabase(path.join(folder, 'fovea.sqlite'), {
    backupFolder: folder,
    nowMs: () => 0,
  });
  const user = { name: 'a', pseudonym: 'a', role: 'admin', simulated: 0 } as const;
  const userId = insertUser(database, user, 0);
  const runs = [1, 2].map(() =>
    insertRun(database, { configuration: '{}', userId, createdAtMs: 0, appVersion: 'test' }),
  );
  const [run = 0, other = 0] = runs;
  const point = (step: number) => ({
    step,
    epoch: step / 10,
    loss: 1 / step,
    learningRate: 0.1,
    imagesPerSecond: 5,
    embeddingSpread: null,
  });
  insertPoint(database, other, point(1));
  insertPoint(database, other, point(2));
  for (let step = 1; step <= 1000; step += 1) {
    insertPoint(database, run, point(step));
    insertMemory(database, run, { atMs: step * 10, residentBytes: step });
    if (step % 10 !== 0) continue;
    thinHistory(database, 'run_point', run, 50);
    thinHistory(database, 'run_memory', run, 50);
  }
  const steps = listPoints(database, run).map(({ step }) => step);
  assert.ok(steps.length >= 15 && steps.length <= 50, `${steps.length} rows`);
  assert.deepEqual([steps[0], steps.at(-1)], [1, 1000]);
  const gaps = steps.slice(1).map((step, k) => step - (steps[k] ?? 0));
  assert.ok(Math.max(...gaps) <= 120, `the widest gap is ${Math.max(...gaps)}`);
  const memory = listMemory(database, run);
  assert.ok(memory.length >= 15 && memory.length <= 50, `${memory.length} rows`);
  assert.deepEqual([memory[0]?.atMs, memory.at(-1)?.residentBytes], [10, 1000]);
  assert.equal(listPoints(database, other).length, 2);
  database.close();
});
