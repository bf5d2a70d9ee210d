import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { TrainerReport } from '../../../shared/trainer-protocol.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import type { EngineRecord } from '../../../trainer/engine/check-outcome.ts';
import { drawWeights } from '../../../trainer/engine/draw-weights.ts';
import { beginEngine, openEngine } from '../../../trainer/engine/open-engine.ts';
import { describeStep } from '../../../trainer/models/describe-model.ts';
import type { RunContext } from '../../../trainer/run-context.ts';
import { readRunRecord, type RunRecord, writeRunRecord } from '../../../trainer/run-record.ts';
import { makeFolder } from '../../fixtures/prepared-images.ts';
import { makeRunContext } from '../../fixtures/run-context.ts';
import { watchSessions } from '../../fixtures/watch-sessions.ts';

const configuration = {
  ...demonstrationConfiguration,
  engine: 'onnx-plain',
  imageSide: 32,
  batchImages: 2,
} as const;
const step = describeStep(configuration);

/** A run in a folder of its own, with the record that it has before its engine is chosen. */
async function beginRun(
  t: TestContext,
  engine?: EngineRecord,
): Promise<{ readonly context: RunContext; readonly reports: TrainerReport[] }> {
  const folder = makeFolder(t);
  const record: RunRecord = {
    runId: 1,
    notice: 'Research use only. Not for diagnosis.',
    appVersion: '0',
    configuration,
    readingIds: [],
    belowGate: [],
    images: [],
    simulated: true,
    ...(engine && { engine }),
  };
  await writeRunRecord(folder, record);
  const reports: TrainerReport[] = [];
  const context = makeRunContext(folder, configuration, {
    resume: engine !== undefined,
    report: (each) => reports.push(each),
  });
  return { context, reports };
}

test('a run that wants no engine after all releases the step that was compiled for it', async (t) => {
  const { context } = await beginRun(t);
  const sessions = watchSessions(t);
  await beginEngine(context, undefined, true).abandon();
  assert.deepEqual([sessions.opened.length, sessions.open], [1, 0]);
});

test('the step is compiled once, before the engine is chosen and before there are weights', async (t) => {
  const { context } = await beginRun(t);
  const { opened } = watchSessions(t);
  const begun = beginEngine(context, undefined, true);
  let chosenMs = Infinity;
  void begun.choosing.then(() => (chosenMs = performance.now()));
  const weights = drawWeights(step, configuration.seed);
  const engine = await openEngine(
    context,
    begun,
    weights.then((drawn) => ({ weights: drawn })),
  );
  try {
    assert.equal(opened.length, 1);
    assert.ok((opened[0] ?? Infinity) < chosenMs);
    assert.equal(engine.weights, await weights);
  } finally {
    await engine.close();
  }
});

test('a run whose engine is gone goes on with another, and says so', async (t) => {
  const deviation = { loss: 0, gradients: 0, weight: '', seeds: 1 };
  const gone: EngineRecord = {
    name: 'onnx-cuda',
    engine: 'ONNX Runtime CUDA',
    reason: '',
    check: { engine: 'ONNX Runtime CUDA', golden: deviation, stepMs: 1, referenceMs: 1 },
    refused: [],
  };
  const { context, reports } = await beginRun(t, gone);
  const state = drawWeights(step, configuration.seed).then((weights) => ({ weights }));
  const engine = await openEngine(context, beginEngine(context, gone, true), state);
  await engine.close();
  assert.match(engine.kind, /plain graph/u);
  assert.deepEqual(
    reports.filter(({ kind }) => kind === 'notice'),
    [
      {
        kind: 'notice',
        code: 'engine-changed',
        details: { before: 'ONNX Runtime CUDA', now: engine.kind },
      },
    ],
  );
  assert.equal((await readRunRecord(context.runFolder))?.engine?.name, 'onnx-plain');
});
