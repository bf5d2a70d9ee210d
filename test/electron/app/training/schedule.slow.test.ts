import assert from 'node:assert/strict';
import { getPriority } from 'node:os';
import { test, type TestContext } from 'node:test';
import type { Training } from '../../../../electron/app/training/training.ts';
import type { RunDetail, RunRow, ScheduleState } from '../../../../shared/ipc/answers.ts';
import { initialTrainingRules } from '../../../../shared/training/hold-reasons.ts';
import type { Schedule } from '../../../../shared/training/schedule.ts';
import {
  openSmallStation,
  type SmallStation,
  smallConfiguration,
  type SmallStationOptions,
  storeAlikeReadings,
} from '../../../fixtures/small-station.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';

const mineOnly = { ...smallConfiguration, mineOnly: true, measures: [] };
const long = { ...smallConfiguration, measures: [], epochs: 500 };

async function openStation(
  t: TestContext,
  options: SmallStationOptions = {},
): Promise<SmallStation> {
  const station = await openSmallStation(options);
  t.after(() => station.close());
  storeAlikeReadings(station);
  return station;
}

const rowsOf = (training: Training): readonly RunRow[] =>
  training.handlers['run.list']({}) as readonly RunRow[];
const rowOf = (training: Training, runId: number): RunRow => {
  const row = rowsOf(training).find((each) => each.runId === runId);
  assert.ok(row !== undefined);
  return row;
};
const statesOf = (training: Training): readonly string[] =>
  rowsOf(training)
    .toSorted((a, b) => a.runId - b.runId)
    .map(({ runId, state, queuePlace }) => `${runId} ${state} ${queuePlace}`);

test('training waits on battery and on a low disk, says why, and goes on by itself', async (t) => {
  let onBattery = true;
  let freeBytes = 2 ** 40;
  const { training, processes } = await openStation(t, {
    onBattery: () => onBattery,
    freeBytes: () => freeBytes,
  });
  const { runId } = await training.handlers['run.start'](long);
  assert.deepEqual(rowOf(training, runId).holds, ['battery']);
  assert.deepEqual([rowOf(training, runId).state, processes.length], ['queued', 0]);
  onBattery = false;
  training.reconsider();
  await waitFor(() => rowOf(training, runId).lastLoss !== null, 'a loss');
  assert.deepEqual(rowOf(training, runId).holds, []);
  freeBytes = 1000;
  training.reconsider();
  training.readingOpened();
  await waitFor(() => rowOf(training, runId).state === 'paused', 'the pause');
  assert.deepEqual(rowOf(training, runId).holds, ['reading', 'disk']);
  training.readingClosed();
  assert.deepEqual(rowOf(training, runId).holds, ['disk']);
  freeBytes = 2 ** 40;
  training.reconsider();
  await waitFor(() => rowOf(training, runId).state === 'running', 'its end');
  assert.deepEqual(rowOf(training, runId).holds, []);
});

test('by day a run waits for the night window', async (t) => {
  let now = new Date(2026, 10, 4, 14, 0).getTime();
  const { training } = await openStation(t, {
    nowMs: () => now,
    rules: () => ({
      ...initialTrainingRules,
      nightWindow: { fromMinute: 22 * 60, toMinute: 6 * 60 },
    }),
  });
  const { runId } = await training.handlers['run.start'](mineOnly);
  assert.deepEqual(rowOf(training, runId).holds, ['night']);
  now = new Date(2026, 10, 4, 22, 0).getTime();
  training.reconsider();
  await training.idle();
  assert.deepEqual([rowOf(training, runId).state, rowOf(training, runId).holds], ['done', []]);
});

test(
  'the trainer runs at the lowest priority',
  { skip: process.platform === 'win32' },
  async (t) => {
    const { training, processes } = await openStation(t);
    const { runId } = await training.handlers['run.start'](long);
    await waitFor(() => rowOf(training, runId).stage !== null, 'a stage');
    const { pid } = processes.at(-1) ?? {};
    assert.ok(pid !== undefined);
    assert.equal(getPriority(pid), 19);
  },
);

test('waiting runs keep their order over a restart of the station, and can be moved and removed', async (t) => {
  const station = await openStation(t);
  const first = station.training;
  for (let run = 0; run < 4; run += 1)
    await first.handlers['run.start'](run === 0 ? long : mineOnly);
  await first.handlers['run.move']({ runId: 4, direction: 'up' });
  await first.handlers['run.move']({ runId: 4, direction: 'up' });
  await first.handlers['run.move']({ runId: 4, direction: 'up' });
  await first.handlers['run.cancel']({ runId: 2 });
  const queue = ['2 cancelled null', '3 queued 2', '4 queued 1'];
  assert.deepEqual(statesOf(first).slice(1), queue);
  // Held, so that nothing begins before it is looked at.
  first.readingOpened();
  await waitFor(() => rowOf(first, 1).state === 'paused', 'the pause');
  const again = await station.restart();
  assert.equal(rowOf(again, 1).state, 'interrupted');
  await waitFor(() => rowOf(again, 4).state !== 'queued', 'the turn of the fourth run');
  assert.equal(rowOf(again, 3).state, 'queued');
  await again.idle();
  assert.deepEqual(statesOf(again).slice(2), ['3 done null', '4 done null']);
  const [started4 = 0, started3 = 0] = [4, 3].map((id) => rowOf(again, id).startedAtMs ?? 0);
  assert.ok(started4 < started3);
});

test('the command line leaves runs that others queued where they are', async (t) => {
  const station = await openStation(t, { unattended: false });
  station.database
    .prepare(
      `INSERT INTO run (id, state, configuration, user_id, created_at_ms, app_version, queue_place)
       VALUES (1, 'queued', ?, 1, 0, 'test', 1)`,
    )
    .run(JSON.stringify(mineOnly));
  station.training.recover();
  const { runId } = await station.training.handlers['run.start'](mineOnly);
  await station.training.idle();
  assert.deepEqual(statesOf(station.training), ['1 queued 1', `${runId} done null`]);
});

const byReadings: Schedule = {
  leastReadings: 10,
  leastPairs: null,
  atMinute: null,
  configuration: { ...smallConfiguration, measures: [] },
};

test('enough new readings begin a run, once, and it promotes nothing', async (t) => {
  let now = 1000;
  const station = await openSmallStation({ nowMs: () => now });
  t.after(() => station.close());
  const { training, database } = station;
  const { handlers } = training;
  const next = (): NonNullable<ScheduleState['next']> => {
    const { next: found } = handlers['schedule.get']({}) as ScheduleState;
    assert.ok(found !== null);
    return found;
  };
  assert.deepEqual(await handlers['schedule.get']({}), { schedule: null, next: null });
  await handlers['schedule.set'](byReadings);
  assert.equal(next().missingReadings, 10);
  storeAlikeReadings(station);
  database.prepare('UPDATE reading SET ended_at_ms = 900').run();
  // Three of the ten fail the quality gate.
  database
    .prepare(
      `UPDATE gaze_sample SET valid = 0, x_dip = NULL, y_dip = NULL WHERE seq % 2 = 0 AND recording_id <= 3`,
    )
    .run();
  assert.equal(next().missingReadings, 3);
  training.reconsider();
  assert.deepEqual(rowsOf(training), []);
  await handlers['schedule.set']({ ...byReadings, leastReadings: 7 });
  training.reconsider();
  training.reconsider();
  assert.equal(next().underWay, true);
  await training.idle();
  now += 1000;
  training.reconsider();
  const [run, ...others] = rowsOf(training);
  assert.deepEqual(others, []);
  assert.deepEqual([run?.state, run?.startedFor], ['done', 'readings']);
  assert.ok(run?.encoder);
  assert.equal(next().missingReadings, 7);
  // It is looked at beside the champion, and is not one: that takes a named administrator.
  const aliases = database.prepare('SELECT DISTINCT alias FROM model_alias_change').pluck().all();
  assert.deepEqual(aliases, ['challenger']);
});

test('a run that fails is not begun again for the same readings', async (t) => {
  let now = 1000;
  const station = await openSmallStation({ nowMs: () => now });
  t.after(() => station.close());
  storeAlikeReadings(station);
  const { training } = station;
  await training.handlers['schedule.set']({
    ...byReadings,
    configuration: { ...byReadings.configuration, batchImages: 64 },
  });
  station.database.prepare('UPDATE reading SET ended_at_ms = 900').run();
  training.reconsider();
  await training.idle();
  now += 1000;
  training.reconsider();
  assert.deepEqual(statesOf(training), ['1 failed null']);
});

test('new pairs begin a run: the station mines by itself to count them, without test patients', async (t) => {
  const held = ['patient-8', 'patient-9'];
  let freeBytes = 1000;
  const station = await openStation(t, {
    partOf: (patient) => (held.includes(patient) ? 'test' : 'train'),
    freeBytes: () => freeBytes,
  });
  const { training, database, imageIds } = station;
  const { handlers } = training;
  const byPairs: Schedule = { ...byReadings, leastReadings: null, leastPairs: 1_000_000 };
  const next = (): ScheduleState['next'] => (handlers['schedule.get']({}) as ScheduleState).next;
  await handlers['schedule.set'](byPairs);
  assert.equal(next()?.readingsToMine, 8);
  training.reconsider();
  training.reconsider();
  // One, which is held as every run is.
  assert.deepEqual(statesOf(training), ['1 queued 1']);
  assert.deepEqual(rowOf(training, 1).holds, ['disk']);
  freeBytes = 2 ** 40;
  training.reconsider();
  await training.idle();
  const mining = rowOf(training, 1);
  assert.deepEqual(
    [mining.state, mining.startedFor, mining.configuration.mineOnly],
    ['done', 'pairs', true],
  );
  const ofTest = database
    .prepare('SELECT count(*) FROM pair WHERE image_a IN (@a, @b) OR image_b IN (@a, @b)')
    .pluck()
    .get({ a: imageIds[8], b: imageIds[9] });
  assert.equal(ofTest, 0);
  const found = 1_000_000 - (next()?.missingPairs ?? 0);
  assert.ok(found >= 4);
  // What was mined is not mined again.
  training.reconsider();
  assert.equal(rowsOf(training).length, 1);
  await handlers['schedule.set']({ ...byPairs, leastPairs: found });
  training.reconsider();
  await training.idle();
  training.reconsider();
  const [newest] = rowsOf(training);
  assert.deepEqual(statesOf(training), ['1 done null', '2 done null']);
  assert.deepEqual([newest?.startedFor, newest?.configuration.mineOnly], ['pairs', false]);
  assert.deepEqual([next()?.missingPairs, next()?.readingsToMine], [found, 0]);
  // A person's mining takes test patients, too: their pairs are nobody's to learn from, and begin nothing.
  await handlers['run.start'](mineOnly);
  await training.idle();
  training.reconsider();
  assert.deepEqual([rowsOf(training).length, next()?.missingPairs], [3, found]);
});

test('a finished run still shows its curves, memory and engines after a restart', async (t) => {
  const station = await openStation(t);
  const { runId } = await station.training.handlers['run.start']({
    ...smallConfiguration,
    measures: [],
  });
  await station.training.idle();
  const detailOf = (training: Training): RunDetail =>
    training.handlers['run.detail']({ runId }) as RunDetail;
  const before = detailOf(station.training);
  const after = detailOf(await station.restart());
  assert.deepEqual(after, before);
  assert.ok(after.points.length > 0 && after.memory.length > 0);
  assert.ok(after.memory.every(({ residentBytes }) => residentBytes > 2 ** 20));
});
