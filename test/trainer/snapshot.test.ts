import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setLandmark } from '../../shared/database/mark-landmark.ts';
import { insertRun, updateRun } from '../../shared/database/runs.ts';
import { pairKey, setVerdict } from '../../shared/database/verdicts.ts';
import type { TrainerReport } from '../../shared/trainer-protocol.ts';
import type { PairVerdict } from '../../shared/training/pair-verdicts.ts';
import { checkpointName } from '../../trainer/checkpoint.ts';
import { run } from '../../trainer/run.ts';
import type { RunContext } from '../../trainer/run-context.ts';
import { readRunRecord, type RunRecord, writeRunRecord } from '../../trainer/run-record.ts';
import { type Snapshot, takeSnapshot } from '../../trainer/snapshot.ts';
import {
  openSmallStation,
  smallConfiguration,
  type SmallStation,
  storeReading,
  walk,
} from '../fixtures/small-station.ts';
import { makeRunContext } from '../fixtures/run-context.ts';

type Begun = {
  readonly station: SmallStation;
  readonly runId: number;
  readonly runFolder: string;
  readonly told: TrainerReport[];
  readonly first: Snapshot;
  readonly context: (change?: Partial<RunContext>) => RunContext;
  /** Takes the run up after a checkpoint has been written. */
  readonly resume: (change?: Partial<RunContext>) => Promise<Snapshot>;
  readonly judge: (imageA: number, imageB: number, verdict: PairVerdict | null) => void;
  readonly record: () => Promise<RunRecord>;
};

/** A run over a small station that has taken its snapshot, with image 1 and 2 refused as a pair. */
async function beginRun(t: TestContext): Promise<Begun> {
  const station = await openSmallStation({
    images: 4,
    partOf: (patient) => (patient === 'patient-1' ? 'validation' : 'train'),
  });
  t.after(station.close);
  const { database, folder, users } = station;
  const runId = insertRun(database, {
    configuration: JSON.stringify(smallConfiguration),
    userId: users.agreed,
    createdAtMs: 0,
    appVersion: '1.0.0',
  });
  const runFolder = path.join(folder, 'runs', String(runId));
  mkdirSync(runFolder, { recursive: true });
  const told: TrainerReport[] = [];
  const context = (change: Partial<RunContext> = {}): RunContext =>
    makeRunContext(
      runFolder,
      { ...smallConfiguration, mineOnly: true },
      {
        runId,
        databasePath: path.join(folder, 'fovea.sqlite'),
        filesFolder: path.join(folder, 'files'),
        miningFolder: path.join(folder, 'mining'),
        threads: 2,
        report: (report) => told.push(report),
        ...change,
      },
    );
  const judge = (imageA: number, imageB: number, verdict: PairVerdict | null): void =>
    setVerdict(database, { imageA, imageB }, verdict, users.agreed, 0);
  judge(2, 1, 'refused');
  const first = await takeSnapshot(context());
  told.length = 0;
  const resume = (change?: Partial<RunContext>): Promise<Snapshot> => {
    writeFileSync(path.join(runFolder, checkpointName), 'weights');
    return takeSnapshot(context({ resume: true, ...change }));
  };
  const record = async (): Promise<RunRecord> => {
    const found = await readRunRecord(runFolder);
    assert.ok(found !== undefined);
    return found;
  };
  return { station, runId, runFolder, told, first, context, resume, judge, record };
}

/** Readings by a simulated reader, all alike, of every image. */
function storeWalks({ database, imageIds, users }: SmallStation): void {
  for (const imageId of imageIds) {
    const studyId = database
      .prepare('SELECT study_id FROM image WHERE id = ?')
      .pluck()
      .get(imageId) as number;
    const places = walk(5);
    storeReading(database, {
      imageId,
      studyId,
      userId: users.simulated,
      source: 'simulated',
      places,
    });
  }
}

/** Whether the checkpoint is still there; where it is not, that is told. */
const keeps = ({ runFolder, told }: Begun): boolean => {
  const kept = existsSync(path.join(runFolder, checkpointName));
  assert.equal(
    told.some(({ kind }) => kind === 'restarted'),
    !kept,
  );
  return kept;
};

test('a run that goes on knows the pairs that were refused when it began, not those of today', async (t) => {
  const begun = await beginRun(t);
  begun.judge(1, 2, null);
  begun.judge(3, 4, 'refused');
  const { refused, resumable } = await begun.resume();
  assert.ok(resumable && keeps(begun));
  assert.deepEqual([...refused], [pairKey({ imageA: 1, imageB: 2 })]);
  assert.deepEqual((await begun.record()).refusedPairs, [[1, 2]]);
});

test('a run whose images were marked since begins anew and says so', async (t) => {
  const begun = await beginRun(t);
  const { database, users } = begun.station;
  const by = { userId: users.agreed, markedAtMs: 0 };
  setLandmark(database, { imageId: 1, kind: 'disc' }, { x: 3, y: 4 }, by);
  begun.judge(3, 4, 'refused');
  const { refused, resumable } = await begun.resume();
  assert.ok(!resumable && !keeps(begun));
  assert.deepEqual([...refused], ['1 2', '3 4']);
});

test('a run whose image is another side of another patient now begins anew', async (t) => {
  for (const change of [
    "UPDATE image SET laterality = 'L' WHERE id = 2",
    "UPDATE study SET patient_key = 'patient-0' WHERE study_uid = 'study-2'",
  ]) {
    const begun = await beginRun(t);
    begun.station.database.prepare(change).run();
    assert.ok(!(await begun.resume()).resumable && !keeps(begun), change);
  }
});

test('a run whose images are as they were goes on', async (t) => {
  const begun = await beginRun(t);
  const { resumable, record } = await begun.resume();
  assert.ok(resumable && keeps(begun));
  assert.deepEqual(record, begun.first.record);
});

test('a run that was recorded without these facts goes on', async (t) => {
  const begun = await beginRun(t);
  const { factsSha256, refusedPairs, computedBy, images, ...older } = await begun.record();
  assert.ok(factsSha256 !== undefined && refusedPairs !== undefined && computedBy !== undefined);
  await writeRunRecord(begun.runFolder, {
    ...older,
    images: images.map(({ imageId, sha256 }) => ({ imageId, sha256 })),
  });
  begun.judge(3, 4, 'refused');
  const { resumable, refused } = await begun.resume();
  assert.ok(resumable && keeps(begun));
  assert.deepEqual([...refused], ['1 2', '3 4']);
  const now = await begun.record();
  assert.equal(now.factsSha256, factsSha256);
  assert.deepEqual(now.computedBy, [
    { appVersion: '1.0.0', threads: null },
    { appVersion: '1.0.0', threads: 2 },
  ]);
});

test('the record says parts, and every version and number of threads that computed the run', async (t) => {
  const begun = await beginRun(t);
  const { station, runId } = begun;
  assert.deepEqual(
    begun.first.record.images.map(({ part }) => part),
    ['train', 'validation', 'train', 'train'],
  );
  await begun.resume();
  updateRun(station.database, runId, { appVersion: '1.1.0' });
  await begun.resume();
  await begun.resume({ threads: 3 });
  const { appVersion, computedBy } = await begun.record();
  assert.equal(appVersion, '1.0.0');
  assert.deepEqual(computedBy, [
    { appVersion: '1.0.0', threads: 2 },
    { appVersion: '1.1.0', threads: 2 },
    { appVersion: '1.1.0', threads: 3 },
  ]);
});

test('the pairs of a run have their hash in the record; where mining finds others, the run begins anew', async (t) => {
  const begun = await beginRun(t);
  const { runFolder, told, context, record } = begun;
  storeWalks(begun.station);
  assert.equal((await run(context())).outcome, 'done');
  const lines = new Set<string>();
  for (const report of told)
    if (report.kind === 'pairs' && report.measure === 'multimatch')
      for (const pair of report.pairs) lines.add(`${pairKey(pair)}\n`);
  assert.ok(lines.size > 1);
  const sha256 = createHash('sha256')
    .update([...lines].toSorted().join(''))
    .digest('hex');
  const mined = await record();
  assert.equal(mined.pairs?.multimatch, lines.size);
  assert.equal(mined.pairLists?.multimatch?.sha256, sha256);
  assert.match(mined.pairLists.multimatch.place, /^fovea\.sqlite: pair where run_id = \d+ /u);

  const again = async (): Promise<boolean> => {
    told.length = 0;
    writeFileSync(path.join(runFolder, checkpointName), 'weights');
    assert.equal((await run(context({ resume: true }))).outcome, 'done');
    return keeps(begun);
  };
  assert.equal(await again(), true);
  const { multimatch } = mined.pairLists;
  await writeRunRecord(runFolder, {
    ...mined,
    pairLists: { ...mined.pairLists, multimatch: { ...multimatch, sha256: '0'.repeat(64) } },
  });
  assert.equal(await again(), false);
  assert.deepEqual((await record()).pairLists, mined.pairLists);
});
