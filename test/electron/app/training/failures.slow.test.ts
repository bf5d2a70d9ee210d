import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { TrainerProcess } from '../../../../electron/host/host.ts';
import type { RunDetail } from '../../../../shared/ipc/answers.ts';
import { wordError } from '../../../../shared/messages/error-messages.ts';
import type { RunConfiguration } from '../../../../shared/training/run-configuration.ts';
import { readCheckpoint } from '../../../../trainer/checkpoint.ts';
import { assertWentOn } from '../../../fixtures/assert-went-on.ts';
import { canRun, limitedTrainer } from '../../../fixtures/limited-trainer.ts';
import { runToEnd } from '../../../fixtures/run-to-end.ts';
import {
  openSmallStation,
  type SmallStation,
  smallConfiguration,
  storeAlikeReadings,
} from '../../../fixtures/small-station.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';

const isLinux = process.platform === 'linux' ? false : 'Linux limits processes so';
const isRoot = process.getuid?.() === 0;

async function openStation(
  t: TestContext,
  startTrainer?: () => TrainerProcess,
): Promise<SmallStation> {
  const station = await openSmallStation(startTrainer && { startTrainer });
  t.after(() => station.close());
  storeAlikeReadings(station);
  return station;
}

const detailOf = (station: SmallStation, runId: number): RunDetail =>
  station.training.handlers['run.detail']({ runId }) as RunDetail;
const runFolder = (station: SmallStation): string => path.join(station.folder, 'runs/1');

const runChanged = (
  station: SmallStation,
  change: Partial<RunConfiguration> = {},
): Promise<RunDetail> => runToEnd(station, { ...smallConfiguration, measures: [], ...change });

/** Step of the checkpoint that the run has left; its weights are numbers. */
async function lastGoodStep(station: SmallStation): Promise<number | undefined> {
  const found = await readCheckpoint(runFolder(station), () => assert.fail('it is damaged'));
  for (const values of found?.weights.values() ?? [])
    assert.ok(values.every((value) => Number.isFinite(value)));
  return found?.step;
}

function assertFailed({ state, error }: RunDetail, code: string, sentence: RegExp): void {
  assert.deepEqual([state, error?.code], ['failed', code], JSON.stringify(error));
  assert.match(wordError(error ?? { code: '', details: {} }), sentence);
}

test('a loss that is no number stops the run; the last good checkpoint stays', async (t) => {
  const station = await openStation(t);
  // Each step multiplies the weights by 1 - 10: they overflow.
  const detail = await runChanged(station, {
    learningRate: 10,
    weightDecay: 1,
    epochs: 20,
    batchImages: 2,
  });
  assertFailed(detail, 'loss-not-finite', /Lower the learning rate.*checkpoint is kept/u);
  assert.ok(((await lastGoodStep(station)) ?? 0) >= 2);
  assert.equal(detail.encoder, null);
});

test('embeddings that are all alike stop the run; the last checkpoint stays', async (t) => {
  const station = await openSmallStation({ blank: true });
  t.after(() => station.close());
  storeAlikeReadings(station);
  const detail = await runChanged(station, { epochs: 12, batchImages: 2 });
  assertFailed(detail, 'representation-collapsed', /learning rate, batch size or method/u);
  assert.ok(((await lastGoodStep(station)) ?? 0) >= 45);
});

test(
  'a file that may not grow further ends the run as a full disk and leaves no half file',
  { skip: isLinux },
  async (t) => {
    const station = await openStation(t, () => limitedTrainer('ulimit -f 1000'));
    const detail = await runChanged(station);
    assertFailed(detail, 'disk-full', /runs\/1 is full. Free some space/u);
    assert.deepEqual(
      readdirSync(runFolder(station)).filter((name) => name.endsWith('.part')),
      [],
    );
  },
);

test(
  'a disk that fills up stops the run; the last good checkpoint stays and is taken up again',
  { skip: isLinux || (isRoot ? false : 'only root may mount a small disk') },
  async (t) => {
    const station = await openStation(t);
    const folder = path.join(station.folder, 'runs');
    mkdirSync(folder);
    // Two checkpoints fit, the third beside them does not.
    const mount = ['mount', '-t', 'tmpfs', '-o', 'size=30m', 'tmpfs', folder] as const;
    if (!canRun(...mount)) return t.skip('this machine lets nobody mount');
    t.after(() => spawnSync('umount', [folder]));
    const detail = await runChanged(station, { epochs: 6 });
    try {
      assertFailed(detail, 'disk-full', /Free some space/u);
      const step = await lastGoodStep(station);
      assert.ok(step === 4, `the checkpoint is of step ${step}`);
      assert.equal(canRun('mount', '-o', 'remount,size=100m', folder), true);
      await station.training.handlers['run.resume']({ runId: detail.runId });
      await station.training.idle();
      const resumed = detailOf(station, detail.runId);
      assert.equal(resumed.state, 'done', JSON.stringify(resumed.error));
      assertWentOn(detail, resumed);
    } finally {
      spawnSync('umount', [folder]);
    }
  },
);

test(
  'a folder that may not be written ends the run with the folder and what to do',
  {
    skip:
      isLinux ||
      (isRoot && !canRun('setpriv', '--version') ? 'root needs setpriv to lose its rights' : false),
  },
  async (t) => {
    // Root writes everywhere unless it gives that right away.
    const wrapper = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    const station = await openStation(t, () => limitedTrainer('true', wrapper));
    mkdirSync(runFolder(station), { recursive: true });
    chmodSync(runFolder(station), 0o500);
    const detail = await runChanged(station);
    chmodSync(runFolder(station), 0o700);
    assertFailed(
      detail,
      'data-folder-read-only',
      /runs\/1 cannot be written. Give your user the right/u,
    );
  },
);

test(
  'a run that needs more memory than there is says what to make smaller',
  { skip: isLinux },
  async (t) => {
    const station = await openStation(t, () => limitedTrainer('ulimit -v 3000000'));
    const detail = await runChanged(station, {
      encoder: 'resnet-18',
      imageSide: 224,
      batchImages: 8,
    });
    assertFailed(detail, 'out-of-memory', /smaller image side or batch/u);
  },
);

test(
  'an engine that crashes in native code leaves the station, and the run goes on from its checkpoint',
  { skip: isLinux },
  async (t) => {
    const station = await openStation(t);
    const { runId } = await station.training.handlers['run.start']({
      ...smallConfiguration,
      measures: [],
      epochs: 20,
    });
    await waitFor(
      () => existsSync(path.join(runFolder(station), 'checkpoint.safetensors')),
      'a checkpoint',
    );
    const { pid } = station.processes.at(-1) ?? {};
    assert.ok(pid !== undefined);
    process.kill(pid, 'SIGSEGV');
    await station.training.idle();
    const broken = detailOf(station, runId);
    assertFailed(broken, 'trainer-crashed', /signal SIGSEGV.*can be resumed/u);
    await station.training.handlers['run.resume']({ runId });
    await station.training.idle();
    assert.equal(detailOf(station, runId).state, 'done');
    assertWentOn(broken, detailOf(station, runId));
  },
);

test('a run whose checkpoint was cut off goes on from the one before and says so', async (t) => {
  const station = await openStation(t);
  const { runId } = await station.training.handlers['run.start']({
    ...smallConfiguration,
    measures: [],
    // Far more than are done before the process is ended.
    epochs: 20,
  });
  const folder = runFolder(station);
  await waitFor(
    () => existsSync(path.join(folder, 'checkpoint-before.safetensors')),
    'two checkpoints',
  );
  station.processes.at(-1)?.kill();
  await station.training.idle();
  const broken = detailOf(station, runId);
  const [newest, before] = ['checkpoint.safetensors', 'checkpoint-before.safetensors'].map((name) =>
    path.join(folder, name),
  ) as [string, string];
  // Between the two renames of a checkpoint there is no newest one.
  const whole = readFileSync(existsSync(newest) ? newest : before);
  writeFileSync(newest, whole.subarray(0, 10_000));
  await station.training.handlers['run.resume']({ runId });
  await station.training.idle();
  const resumed = detailOf(station, runId);
  assert.equal(resumed.state, 'done', JSON.stringify(resumed.error));
  assert.equal(resumed.notices[0]?.code, 'checkpoint-went-back');
  assertWentOn(broken, resumed);
  assert.match(wordError(resumed.notices[0]), /went on from the one before, after step \d+/u);
});
