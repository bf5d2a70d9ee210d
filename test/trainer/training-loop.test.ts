import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ViewPair } from '../../trainer/methods/method.ts';
import { trainEncoder } from '../../trainer/training-loop.ts';
import { assertClose } from './assert-close.ts';
import { createReferenceLoop, type ReferenceLoop } from './reference-loop.ts';
import { alike, batchesFrom, images, openEngine, trainingCases } from './training-cases.ts';

/** Compares what a method keeps between steps: the encoder that follows, and MoCo's queue. */
function compareState(
  state: ReadonlyMap<string, Float32Array>,
  queueIds: readonly number[],
  { arrays, queue }: ReferenceLoop,
): void {
  for (const [name, values] of state)
    if (name === 'queue') assertClose(values, queue.keys, name);
    else if (name === 'queue.place') assert.deepEqual([...values], [...queue.place]);
    else
      assertClose(values, arrays.get(name.replace(/^(?:key|target)\.encoder/u, 'follower')), name);
  if (state.has('queue')) assert.deepEqual(queueIds, queue.imageIds);
}

for (const { name, configuration } of trainingCases)
  test(`the loop keeps to double precision: ${name}`, async () => {
    const engine = openEngine(configuration);
    const reference = createReferenceLoop(configuration);
    let batch: ViewPair | undefined;
    const noted = async function* (): AsyncGenerator<ViewPair> {
      for await (const views of batchesFrom(configuration, 0)) {
        batch = views;
        yield views;
      }
    };
    let epochs = 0;
    await trainEncoder({
      configuration,
      engine,
      images,
      alike,
      batches: noted(),
      beforeStep: () => Promise.resolve(),
      onStep: ({ step, loss, learningRate }) => {
        assert.ok(batch !== undefined);
        const expected = reference.iterate(batch);
        assertClose([loss], [expected.loss], `loss ${step}`);
        assert.equal(learningRate, expected.rate);
        for (const [key, values] of [...engine.weights, ...engine.statistics])
          assertClose(values, reference.arrays.get(key), `${key} after step ${step}`);
      },
      onEpoch: ({ method, queueIds }) => {
        epochs += 1;
        compareState(method, queueIds, reference);
        return Promise.resolve();
      },
    });
    assert.equal(epochs, configuration.epochs);
  });
