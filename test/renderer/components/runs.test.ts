import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markStages } from '../../../renderer/components/mark-stages.ts';
import {
  mergeRunDetail,
  mergeRunRow,
  opensChapter,
} from '../../../renderer/components/merge-run.ts';
import {
  findFieldTrouble,
  mainFields,
  moreFields,
  type RunField,
  readField,
  writeField,
} from '../../../renderer/components/run-fields.ts';
import { wordRunCost } from '../../../renderer/components/word-run-cost.ts';
import { optimizerValues, usualOptimizers } from '../../../renderer/components/optimizer-fields.ts';
import type { RunDetail, RunEvent, RunRow } from '../../../shared/ipc/answers.ts';
import {
  demonstrationConfiguration,
  runConfiguration,
} from '../../../shared/training/run-configuration.ts';

const row: RunRow = {
  runId: 4,
  state: 'running',
  stage: 'pretrain',
  configuration: demonstrationConfiguration,
  createdAtMs: 0,
  startedAtMs: 0,
  endedAtMs: null,
  error: null,
  holds: [],
  startedFor: 'hand',
  queuePlace: null,
  engine: 'cpu',
  images: 48,
  simulated: true,
  pairs: { 'difference-hash': 3, multimatch: 2 },
  lastLoss: null,
  imagesPerSecond: null,
  encoder: null,
};
const detail: RunDetail = {
  ...row,
  engineReason: null,
  refusedEngines: [],
  notices: [],
  memory: [],
  progress: null,
  residentBytes: 7,
  points: [],
  mined: [],
  log: [],
};
const event = (step: number | null, change: Partial<RunRow> = {}): RunEvent => ({
  runId: 4,
  row: { ...row, ...change },
  progress: { done: step ?? 0, total: 10, secondsLeft: null },
  point:
    step === null
      ? null
      : { step, epoch: 0, loss: 1, learningRate: 1, imagesPerSecond: 1, embeddingSpread: null },
  residentBytes: null,
  atMs: 0,
});

test('events extend the curve once each, in order, and keep what they do not tell', () => {
  const merged = [event(1), event(2), event(2), event(null), event(1)].reduce(
    mergeRunDetail,
    detail,
  );
  assert.deepEqual(
    merged.points.map((point) => point.step),
    [1, 2],
  );
  assert.equal(merged.residentBytes, 7);
  assert.equal(mergeRunDetail(detail, { ...event(1), runId: 5 }), detail);
});

test('a row takes its place in the list, and a new run comes first', () => {
  const other = { ...row, runId: 3 };
  assert.deepEqual(
    mergeRunRow([row, other], event(1, { state: 'done' })).map(({ runId, state }) => [
      runId,
      state,
    ]),
    [
      [4, 'done'],
      [3, 'running'],
    ],
  );
  assert.deepEqual(
    mergeRunRow([other], event(1)).map(({ runId }) => runId),
    [4, 3],
  );
});

test('a new stage, state, engine or encoder opens a chapter; a step does not', () => {
  assert.ok(opensChapter(undefined, event(1)));
  assert.ok(!opensChapter(row, event(1, { lastLoss: 3 })));
  assert.ok(opensChapter(row, event(1, { stage: 'save' })));
  assert.ok(opensChapter(row, event(1, { state: 'paused' })));
  assert.ok(opensChapter(row, event(1, { engine: 'cuda' })));
  const encoder = { file: 'e', sha256: 'f', parameters: 1 };
  assert.ok(opensChapter(row, event(1, { encoder })));
});

test('stages are done, now, to come, or where the run stopped', () => {
  const marks = (state: RunRow['state'], stage: RunRow['stage']): string =>
    markStages({ state, stage })
      .map(({ mark }) => mark)
      .join(' ');
  assert.equal(marks('queued', null), 'waiting waiting waiting waiting waiting waiting');
  assert.equal(marks('running', 'mine'), 'done now waiting waiting waiting waiting');
  assert.equal(marks('failed', 'pretrain'), 'done done done stopped waiting waiting');
  assert.equal(marks('done', 'evaluate'), 'done done done done done done');
});

test('the form takes and refuses what the contract takes and refuses', () => {
  assert.deepEqual(findFieldTrouble(demonstrationConfiguration), []);
  const fields: readonly RunField[] = [...mainFields, ...Object.values(moreFields).flat()];
  const optimizers = Object.values(usualOptimizers);
  for (const field of fields) {
    const optimizer = optimizers.find((each) => optimizerValues(each)[field.name as 'eta']);
    const base = {
      ...demonstrationConfiguration,
      method: field.methods?.[0] ?? 'moco-v2',
      ...(optimizer && { optimizer }),
    };
    const step = field.name.startsWith('image')
      ? 32
      : field.whole
        ? 1
        : field.min < 1e-7
          ? 1
          : 1e-7;
    for (const [value, fits] of [
      [field.min, true],
      [field.max, true],
      [field.min - step, false],
      [field.max + step, false],
      [Number.NaN, false],
    ] as const) {
      const configuration = writeField(base, field.name, value);
      assert.ok(Object.is(readField(configuration, field.name), value));
      const sentences = findFieldTrouble(configuration).filter((sentence) =>
        sentence.includes('from'),
      );
      assert.equal(sentences.length === 0, fits, `${field.name} ${value}`);
      // The schema allows any positive number; the form stops at a smallest one that is of use.
      if (fits || !['learningRate', 'temperature', 'eta', 'epsilon'].includes(field.name))
        assert.equal(runConfiguration.safeParse(configuration).success, fits, field.name);
    }
  }
});

test('MoCo wants a queue of whole batches; SimSiam does not ask', () => {
  const odd = { ...demonstrationConfiguration, queueLength: 65 };
  assert.deepEqual(findFieldTrouble(odd), []);
  assert.deepEqual(findFieldTrouble({ ...odd, method: 'moco-v2' }), [
    'Queue length (MoCo v2): the queue must be a multiple of the batch of 8, which would be torn at its end. Take 64 or 72, or another batch.',
  ]);
  assert.equal(findFieldTrouble({ ...demonstrationConfiguration, imageSide: 65 }).length, 1);
});

test('the form refuses a warm-up that does not end before the run', () => {
  const [sentence, ...others] = findFieldTrouble({
    ...demonstrationConfiguration,
    epochs: 20,
    warmupEpochs: 40,
  });
  assert.match(sentence ?? '', /^Warm-up epochs: .*40 of 20 epochs.*or more epochs\.$/u);
  assert.deepEqual(others, []);
});

test('what a run costs is told beside the demonstration, an other run or a like one', () => {
  const first = (change: object, runs: readonly RunRow[]): string =>
    wordRunCost({ ...demonstrationConfiguration, ...change }, runs)[0] ?? '';
  assert.match(first({}, []), /takes as much work as the demonstration configuration/u);
  const larger = { imageSide: 2 * demonstrationConfiguration.imageSide };
  assert.match(first(larger, []), /takes 4 times the work of the demonstration configuration/u);
  const measured = { ...row, imagesPerSecond: 12 };
  assert.match(first(larger, [measured]), /takes 4 times the work of run 4, which did 12 images/u);
  const otherBatch = { batchImages: 2 * demonstrationConfiguration.batchImages };
  assert.match(first(otherBatch, [measured]), /takes as much work as run 4/u);
  assert.match(first({}, [measured]), /^Run 4 did 12 images a second like this/u);
});
