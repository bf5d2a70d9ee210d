import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import type { TrainerProcess } from '../../../../electron/host/host.ts';
import { countModelImages, countModelReaders } from '../../../../shared/database/model-lineage.ts';
import { listAliasChanges, listModels } from '../../../../shared/database/models.ts';
import type { RunDetail } from '../../../../shared/ipc/answers.ts';
import { wordError } from '../../../../shared/messages/error-messages.ts';
import { StationError } from '../../../../shared/station-error.ts';
import { assertWentOn } from '../../../fixtures/assert-went-on.ts';
import { runToEnd } from '../../../fixtures/run-to-end.ts';
import {
  anyPair,
  openSmallStation,
  type SmallStation,
  type SmallStationOptions,
  smallConfiguration,
  storeAlikeReadings,
} from '../../../fixtures/small-station.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';

async function openStation(
  t: TestContext,
  options: SmallStationOptions = {},
): Promise<SmallStation> {
  const station = await openSmallStation(options);
  t.after(() => station.close());
  storeAlikeReadings(station);
  return station;
}

const detailOf = (station: SmallStation, runId: number): RunDetail =>
  station.training.handlers['run.detail']({ runId }) as RunDetail;

function badTrainer(fault: string): () => TrainerProcess {
  return () => {
    const file = path.join(import.meta.dirname, '../../../fixtures/bad-trainer.mjs');
    const child = fork(file, [fault], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    return {
      pid: child.pid,
      send: (command) => void child.send(command),
      onMessage: (listener) => void child.on('message', listener),
      onOutput: (listener) => {
        if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', listener);
      },
      onExit: (listener) => void child.once('close', listener),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

const sha256Of = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');

test('a run mines the planted pairs, pre-trains, saves an encoder and leaves its lineage', async (t) => {
  const station = await openStation(t);
  const detail = await runToEnd(station);
  assert.equal(detail.state, 'done', JSON.stringify([detail.error, detail.log]));
  assert.equal(detail.images, 10);
  assert.equal(detail.simulated, true);
  for (const { measure, images, compared, undefinedPairs } of detail.mined)
    assert.deepEqual([measure, images, compared + undefinedPairs], [measure, 10, 45]);
  const page = await station.training.handlers['pair.page']({
    runId: detail.runId,
    measure: 'multimatch',
    ...anyPair,
    atLeast: 0,
    offset: 0,
    limit: 200,
  });
  const planted = page.rows.filter(({ relation }) => relation > 0.999);
  assert.deepEqual(
    planted
      .map(({ a, b }) => [a.image.imageId, b.image.imageId])
      .toSorted(([x = 0], [y = 0]) => x - y),
    [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
      [9, 10],
    ],
  );
  assert.ok(page.rows.every(({ relation }) => relation > page.threshold));
  assert.equal(detail.points.at(-1)?.step, 6);
  assert.ok(detail.points.every(({ loss }) => Number.isFinite(loss)));
  const { encoder } = detail;
  assert.ok(encoder !== null);
  assert.equal(encoder.sha256, sha256Of(path.join(station.folder, encoder.file)));
  const lineage = station.database.prepare('SELECT count(*) FROM run_reading').pluck().get();
  assert.equal(lineage, 10);
  // The encoder is a model now: under its hash, with what it has learnt from, the challenger and no more.
  assert.equal(encoder.file, `models/${encoder.sha256}.safetensors`);
  const [model] = listModels(station.database);
  assert.deepEqual([model?.runId, model?.sha256], [detail.runId, encoder.sha256]);
  const readers = countModelReaders(station.database, model?.version ?? 0);
  assert.deepEqual(
    readers.map(({ reader, readings, simulated }) => [reader, readings, simulated]),
    [['simulated', 10, 10]],
  );
  const images = countModelImages(station.database, model?.version ?? 0);
  assert.deepEqual(images, [{ modality: 'OP', images: 10, simulated: 0 }]);
  assert.deepEqual(
    listAliasChanges(station.database).map(({ alias, version }) => [alias, version]),
    [['challenger', model?.version]],
  );
  const card = readFileSync(path.join(station.folder, `models/model-${model?.version}.md`), 'utf8');
  assert.match(card, /Research use only\. Not for diagnosis\./u);
  assert.match(card, /gaze that no eye made .*: 10 of 10 \(100 %\)/u);
});

test('a pair that a person refuses is missing from the next run and stays in the one before', async (t) => {
  const station = await openStation(t);
  const { handlers } = station.training;
  const mineOnly = { ...smallConfiguration, mineOnly: true };
  const pairsOf = async (runId: number): Promise<string[]> => {
    const page = await handlers['pair.page']({
      runId,
      measure: 'multimatch',
      ...anyPair,
      atLeast: 0,
      offset: 0,
      limit: 200,
    });
    return page.rows.map(({ a, b, verdict }) => `${a.image.imageId} ${b.image.imageId} ${verdict}`);
  };
  const first = await runToEnd(station, mineOnly);
  const before = await pairsOf(first.runId);
  assert.ok(before.includes('1 2 null'));
  await handlers['pair.judge']({ imageA: 1, imageB: 2, verdict: 'refused' });
  assert.ok((await pairsOf(first.runId)).includes('1 2 refused'));
  const second = await runToEnd(station, mineOnly);
  assert.deepEqual(
    await pairsOf(second.runId),
    before.filter((pair) => pair !== '1 2 null'),
  );
  await handlers['pair.judge']({ imageA: 1, imageB: 2, verdict: null });
  assert.deepEqual(await pairsOf((await runToEnd(station, mineOnly)).runId), before);
  await assert.rejects(
    async () => handlers['pair.judge']({ imageA: 1, imageB: 999, verdict: 'refused' }),
    (error: unknown) => error instanceof StationError && error.code === 'not-found',
  );
});

test('readings below the quality gate are left out, counted and named in the record', async (t) => {
  const station = await openStation(t);
  station.database
    .prepare(
      `UPDATE gaze_sample SET valid = 0, x_dip = NULL, y_dip = NULL
       WHERE seq % 2 = 0 AND recording_id = (SELECT id FROM gaze_recording WHERE reading_id = 3)`,
    )
    .run();
  const detail = await runToEnd(station, { ...smallConfiguration, mineOnly: true });
  assert.equal(detail.state, 'done', JSON.stringify(detail.error));
  assert.equal(detail.belowGate, 1);
  assert.ok(detail.mined.every(({ images }) => images === 9));
  const file = path.join(station.folder, 'runs', String(detail.runId), 'run.json');
  const record = JSON.parse(readFileSync(file, 'utf8')) as {
    belowGate: number[];
    readingIds: number[];
    chance: Record<string, { threshold: number; chancePairs: number }[]>;
  };
  assert.deepEqual(record.belowGate, [3]);
  assert.equal(record.readingIds.length, 9);
  assert.deepEqual(Object.keys(record.chance).toSorted(), ['difference-hash', 'multimatch']);
  assert.ok(record.chance['multimatch']?.every(({ chancePairs }) => chancePairs > 1000));
});

test('the same snapshot and seed give the same encoder, another seed another', async (t) => {
  const station = await openStation(t);
  const [first, second, other] = [
    await runToEnd(station, { ...smallConfiguration, method: 'moco-v2', queueLength: 8 }),
    await runToEnd(station, { ...smallConfiguration, method: 'moco-v2', queueLength: 8 }),
    await runToEnd(station, { ...smallConfiguration, method: 'moco-v2', queueLength: 8, seed: 2 }),
  ];
  const checkpoint = (run: RunDetail): string =>
    sha256Of(path.join(station.folder, `runs/${run.runId}/checkpoint.safetensors`));
  assert.equal(checkpoint(first), checkpoint(second));
  assert.notEqual(checkpoint(first), checkpoint(other));
});

test('a trainer killed in the middle is told, nothing stored is lost, and resumed it reaches the same weights', async (t) => {
  const station = await openStation(t);
  const configuration = { ...smallConfiguration, epochs: 8 };
  const unbroken = await runToEnd(station, configuration);
  const { runId } = await station.training.handlers['run.start'](configuration);
  await waitFor(() => (detailOf(station, runId).points.at(-1)?.step ?? 0) >= 5, 'five steps');
  const { pid } = station.processes.at(-1) ?? {};
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGKILL');
  await station.training.idle();
  const broken = detailOf(station, runId);
  assert.equal(broken.state, 'failed');
  assert.ok(broken.error !== null);
  assert.match(wordError(broken.error), /ended unexpectedly \(signal SIGKILL\).*resumed/u);
  assert.equal(broken.mined.length, 2);
  await station.training.handlers['run.resume']({ runId });
  await station.training.idle();
  const resumed = detailOf(station, runId);
  assert.equal(resumed.state, 'done', JSON.stringify(resumed.error));
  const weights = (run: RunDetail): string =>
    sha256Of(path.join(station.folder, `runs/${run.runId}/checkpoint.safetensors`));
  assert.equal(weights(resumed), weights(unbroken));
  assertWentOn(broken, resumed);
  assert.equal(station.database.pragma('integrity_check', { simple: true }), 'ok');
});

test('a trainer that hangs is killed and its run marked failed', async (t) => {
  const station = await openStation(t, {
    silenceLimitMs: 300,
    startTrainer: badTrainer('hang'),
  });
  const detail = await runToEnd(station);
  assert.deepEqual([detail.state, detail.error?.code], ['failed', 'trainer-silent']);
});

test('a message that the protocol does not know ends the trainer', async (t) => {
  const station = await openStation(t, { startTrainer: badTrainer('nonsense') });
  const detail = await runToEnd(station);
  assert.deepEqual([detail.state, detail.error?.code], ['failed', 'trainer-crashed']);
});

test('a failed run keeps the last lines of its trainer', async (t) => {
  const station = await openStation(t, { startTrainer: badTrainer('crash') });
  const detail = await runToEnd(station);
  assert.equal(detail.state, 'failed');
  assert.deepEqual(detail.log, ['the last words of the trainer']);
  assert.match(wordError(detail.error ?? { code: '', details: {} }), /exit code 7/u);
});

test('a run is cancelled after its step, a queued one at once', async (t) => {
  const station = await openStation(t);
  const { handlers } = station.training;
  const { runId: first } = await handlers['run.start']({ ...smallConfiguration, epochs: 500 });
  const { runId: second } = await handlers['run.start'](smallConfiguration);
  assert.equal(detailOf(station, second).state, 'queued');
  await handlers['run.cancel']({ runId: second });
  await waitFor(() => detailOf(station, first).points.length > 0, 'a step of the first run');
  await handlers['run.cancel']({ runId: first });
  await station.training.idle();
  assert.deepEqual(
    [first, second].map((runId) => detailOf(station, runId).state),
    ['cancelled', 'cancelled'],
  );
});

test('training waits while somebody reads and goes on afterwards; a person’s pause outlasts it', async (t) => {
  const station = await openStation(t);
  const { handlers } = station.training;
  const { runId } = await handlers['run.start']({ ...smallConfiguration, epochs: 500 });
  await waitFor(() => detailOf(station, runId).points.length > 0, 'a step');
  station.training.readingOpened();
  await waitFor(() => detailOf(station, runId).state === 'paused', 'the pause of a reading');
  station.training.readingClosed();
  await waitFor(() => detailOf(station, runId).state === 'running', 'its end');
  await handlers['run.pause']({ runId });
  await waitFor(() => detailOf(station, runId).state === 'paused', 'the pause of a person');
  station.training.readingOpened();
  station.training.readingClosed();
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(detailOf(station, runId).state, 'paused');
  await handlers['run.cancel']({ runId });
  await station.training.idle();
  assert.equal(detailOf(station, runId).state, 'cancelled');
});

test('a station that was gone finds its run interrupted and takes it up from the checkpoint', async (t) => {
  const station = await openStation(t);
  const { runId } = await station.training.handlers['run.start']({
    ...smallConfiguration,
    epochs: 20,
  });
  // An epoch has two steps: after the third there is a checkpoint.
  await waitFor(() => (detailOf(station, runId).points.at(-1)?.step ?? 0) >= 3, 'three steps');
  await station.training.close();
  // As one leaves it that is killed.
  station.database.prepare(`UPDATE run SET state = 'running' WHERE id = ?`).run(runId);
  const training = await station.restart();
  const broken = detailOf(station, runId);
  assert.equal(broken.state, 'interrupted');
  await training.handlers['run.resume']({ runId });
  await training.idle();
  const resumed = detailOf(station, runId);
  assert.equal(resumed.state, 'done', JSON.stringify(resumed.error));
  assertWentOn(broken, resumed);
});
