import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { asTrainer } from '../../../electron/host/node-host.ts';
import { miningFolderOf } from '../../../electron/app/training/mining-folder.ts';
import { listPairedImages } from '../../../shared/database/evaluations.ts';
import { insertLabelSet, listLabelledImages } from '../../../shared/database/labels.ts';
import type { RunDetail } from '../../../shared/ipc/answers.ts';
import { evaluationMethods, type SplitPart } from '../../../shared/training/evaluation-result.ts';
import type { RunConfiguration } from '../../../shared/training/run-configuration.ts';
import type { RecipeName } from '../../../shared/training/view-recipes.ts';
import { storageName } from '../../../trainer/data/image-cache.ts';
import { RunControl } from '../../../trainer/control.ts';
import { bootstrapDefaults } from '../../../trainer/evaluation/bootstrap.ts';
import { embedImages } from '../../../trainer/evaluation/embed-images.ts';
import { evaluateEncoders } from '../../../trainer/evaluation/evaluate-encoders.ts';
import { checksName } from '../../../trainer/engine/choose-engine.ts';
import { readSavedEncoder } from '../../../trainer/evaluation/saved-encoder.ts';
import {
  openSmallStation,
  type SmallStation,
  type SmallStationOptions,
  smallConfiguration,
  storeAlikeReadings,
} from '../../fixtures/small-station.ts';
import { withoutLibraries } from '../../fixtures/without-libraries.ts';

const parts: readonly SplitPart[] = [
  ...Array<SplitPart>(6).fill('train'),
  ...Array<SplitPart>(6).fill('validation'),
  ...Array<SplitPart>(10).fill('test'),
];

const configuration: RunConfiguration = {
  ...smallConfiguration,
  epochs: 1,
  engine: 'onnx-plain',
  measures: ['difference-hash'],
  positivesFrom: 'difference-hash',
  measureByModality: { MG: 'difference-hash', OP: 'difference-hash', OT: 'difference-hash' },
};

async function openLabelled(options: SmallStationOptions = {}): Promise<SmallStation> {
  const station = await openSmallStation({
    ...options,
    images: parts.length,
    partOf: (patient) => parts[Number(patient.split('-')[1])] ?? 'train',
  });
  storeAlikeReadings(station);
  return station;
}

/** Every image is even or odd by its place. */
function storeLabels({ database, imageIds, users }: SmallStation): void {
  insertLabelSet(database, {
    name: 'labels.csv',
    fileSha256: 'f'.repeat(64),
    userId: users.agreed,
    importedAtMs: 0,
    labels: new Map(imageIds.map((imageId, i) => [imageId, i % 2 === 0 ? 'even' : 'odd'])),
  });
}

async function runToEnd(
  station: SmallStation,
  asked: Partial<RunConfiguration> = {},
): Promise<RunDetail> {
  const { handlers } = station.training;
  const { runId } = await handlers['run.start']({ ...configuration, ...asked });
  await station.training.idle();
  const detail = await handlers['run.detail']({ runId });
  assert.equal(detail.state, 'done', JSON.stringify([detail.error, detail.log]));
  return detail;
}

const recordedImages = (station: SmallStation, runId: number): number[] => {
  const file = path.join(station.folder, 'runs', String(runId), 'run.json');
  const record = JSON.parse(readFileSync(file, 'utf8')) as { images: { imageId: number }[] };
  return record.images.map(({ imageId }) => imageId);
};

test('a run without useful labels says so and ends well; with labels the saved encoder is judged', async (t) => {
  const station = await openLabelled();
  t.after(() => station.close());
  const { database, imageIds } = station;
  const testIds = imageIds.filter((_, i) => parts[i] === 'test');

  // All stored readings say 'normal'.
  const unlabelled = await runToEnd(station);
  assert.ok(unlabelled.evaluation?.outcome === 'refused');
  assert.equal(unlabelled.evaluation.reason, 'one-class');
  assert.notEqual(unlabelled.encoder, null);

  storeLabels(station);
  const wide = { ...configuration, imageWidth: 64, recipe: 'dental', fineTuneEpochs: 2 } as const;
  const detail = await runToEnd(station, { ...wide, seed: 2 });
  const { evaluation, encoder, runId } = detail;
  assert.ok(evaluation?.outcome === 'measured' && encoder !== null, JSON.stringify(detail.log));
  assert.deepEqual(evaluation.classes, ['even', 'odd']);
  assert.equal(evaluation.split.test.patients, 10);
  assert.deepEqual(
    evaluation.encoders.map((each) => [each.encoder.role, each.encoder.sha256]),
    [
      ['new', encoder.sha256],
      ['earlier', unlabelled.encoder?.sha256],
    ],
  );
  assert.deepEqual(
    evaluation.encoders.flatMap(({ methods }) =>
      methods.map(({ method, result }) => [method, result.outcome]),
    ),
    [1, 2].flatMap(() => evaluationMethods.map((method) => [method, 'measured'])),
  );
  assert.deepEqual(
    evaluation.differences.map(({ method }) => method),
    evaluationMethods,
  );
  const lineage = database
    .prepare('SELECT run_id, outcome, label_set_id FROM evaluation ORDER BY run_id')
    .raw()
    .all();
  assert.deepEqual(lineage, [
    [unlabelled.runId, 'refused', null],
    [runId, 'measured', 1],
  ]);

  await t.test(
    'each encoder is judged at its own height and width, by its own recipe',
    async () => {
      const [fresh, earlier] = await Promise.all(
        [encoder.file, unlabelled.encoder?.file ?? ''].map((file) =>
          readSavedEncoder(path.join(station.folder, file)),
        ),
      );
      assert.deepEqual([fresh?.imageHeight, fresh?.imageWidth, fresh?.recipe], [32, 64, 'dental']);
      const { recipe } = smallConfiguration;
      assert.notEqual(recipe, 'dental');
      assert.deepEqual(
        [earlier?.imageHeight, earlier?.imageWidth, earlier?.recipe],
        [32, 32, recipe],
      );
      const preparedAs = (by: RecipeName, width: number): number => {
        const name = storageName({ recipe: by, height: 32, width });
        const folder = path.join(station.folder, 'prepared-images', name);
        return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
          entry.isFile(),
        ).length;
      };
      assert.deepEqual(
        [preparedAs('dental', 64), preparedAs(recipe, 32)],
        [parts.length, parts.length],
      );
    },
  );

  await t.test('no image of a test patient was mined or pre-trained on', () => {
    const learnt = [...recordedImages(station, runId), ...listPairedImages(database, runId)];
    assert.ok(learnt.length > 12);
    assert.deepEqual(
      testIds.filter((imageId) => learnt.includes(imageId)),
      [],
    );
    const readings = database
      .prepare('SELECT reading_id FROM run_reading WHERE run_id = ?')
      .pluck()
      .all(runId);
    assert.equal(readings.length, 12);
  });

  await t.test('the weights that are judged are those of the saved file', async () => {
    const { images, source } = listLabelledImages(database, configuration);
    const judge = async (file: string): Promise<unknown> => {
      const saved = await readSavedEncoder(file);
      const { features } = await embedImages(saved, images, {
        context: {
          filesFolder: path.join(station.folder, 'files'),
          threads: 1,
          control: new RunControl(() => undefined),
          configuration: wide,
        },
        onBatch: () => undefined,
      });
      const { judged } = await evaluateEncoders({
        images,
        labels: source,
        simulated: false,
        encoders: [{ encoder: { sha256: saved.sha256, runId, role: 'new' }, features }],
        bootstrap: bootstrapDefaults,
        pause: () => Promise.resolve(),
      });
      return Object.fromEntries(
        judged[0]?.map(({ method, scored }) => [method, [...scored.scores]]) ?? [],
      );
    };
    const record = JSON.parse(
      readFileSync(path.join(station.folder, `runs/${runId}/evaluation.json`), 'utf8'),
    ) as { scores: Record<string, number[]>[]; test: { imageId: number }[] };
    assert.deepEqual(
      record.test.map(({ imageId }) => imageId),
      testIds,
    );
    const { 'fine-tuning': tuned, ...stored } = record.scores[0] ?? {};
    assert.equal(tuned?.length, 2 * testIds.length);
    assert.deepEqual(await judge(path.join(station.folder, encoder.file)), stored);
    const other = unlabelled.encoder?.file ?? '';
    assert.notDeepEqual(await judge(path.join(station.folder, other)), stored);
  });

  await t.test('an encoder that saw test patients is not compared with', async () => {
    const file = path.join(station.folder, 'runs', String(runId), 'run.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as { images: object[] };
    const seen = { ...record, images: [...record.images, { imageId: testIds[0], sha256: 'x' }] };
    writeFileSync(file, JSON.stringify(seen));
    const next = await runToEnd(station, { seed: 3 });
    assert.ok(next.evaluation?.outcome === 'measured');
    assert.equal(next.evaluation.encoders[1]?.encoder.runId, unlabelled.runId);
  });
});

test('a run that only mines takes test patients too and is not judged', async (t) => {
  const station = await openLabelled();
  t.after(() => station.close());
  const { handlers } = station.training;
  const { runId } = await handlers['run.start']({ ...configuration, mineOnly: true });
  await station.training.idle();
  const detail = await handlers['run.detail']({ runId });
  assert.equal(detail.state, 'done');
  assert.equal(detail.evaluation, undefined);
  assert.equal(recordedImages(station, runId).length, parts.length);
});

test('where ONNX Runtime has no binary, TensorFlow.js trains the encoder and it is judged all the same', async (t) => {
  const station = await openLabelled({
    startTrainer: () =>
      asTrainer(
        fork(path.resolve(import.meta.dirname, '../../../trainer/main.ts'), [], {
          execArgv: withoutLibraries(/^onnxruntime-/u),
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        }),
      ),
  });
  t.after(() => station.close());
  // Earlier tests of this process leave theirs.
  rmSync(path.join(miningFolderOf(station.folder), checksName), { force: true });
  storeLabels(station);
  const { engine, evaluation, log } = await runToEnd(station, { engine: 'automatic' });
  assert.match(engine ?? '', /TensorFlow\.js/u);
  assert.ok(evaluation?.outcome === 'measured', JSON.stringify(log));
});
