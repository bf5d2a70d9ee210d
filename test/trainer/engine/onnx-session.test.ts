import assert from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { InferenceSession } from 'onnxruntime-node';
import { createRandom } from '../../../shared/random.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import { GraphBuilder } from '../../../trainer/engine/graph-builder.ts';
import { initialWeights } from '../../../trainer/engine/initial-weights.ts';
import {
  openSession,
  sessionOptions,
  weightFeeds,
  wrapArray,
} from '../../../trainer/engine/onnx-session.ts';
import { buildProjectionGraph, imageShape } from '../../../trainer/engine/training-graph.ts';
import { describeStep } from '../../../trainer/models/describe-model.ts';

const trainer = path.join(import.meta.dirname, '../../../trainer');

test('threads of a session that waits use next to no processor time', async () => {
  const described = describeStep({
    ...demonstrationConfiguration,
    imageSide: 32,
    batchImages: 2,
  });
  const { builder } = buildProjectionGraph(described);
  const weights = initialWeights(builder.parameters, createRandom(1));
  const shape = imageShape({ ...described.model, batchImages: 2 });
  const feeds = {
    ...weightFeeds(builder.parameters, weights),
    view1: wrapArray(new Float32Array(shape.reduce((size, each) => size * each, 1)), shape),
  };
  const model = builder.build();
  /** Microseconds of processor time that this process uses in the 10 ms after each of 20 runs. */
  const waitAfterRuns = async (session: InferenceSession): Promise<number> => {
    let usedUs = 0;
    for (let run = 0; run < 20; run += 1) {
      await session.run(feeds);
      const before = process.cpuUsage();
      await setTimeout(10);
      const { user, system } = process.cpuUsage(before);
      usedUs += user + system;
    }
    await session.release();
    return usedUs;
  };
  const spinning = await InferenceSession.create(model, {
    intraOpNumThreads: 2,
    extra: { session: { intra_op: { allow_spinning: '1' } } },
  });
  const spunUs = await waitAfterRuns(spinning);
  const waitedUs = await waitAfterRuns(await openSession(model, 2));
  // Measured: a tenth to a twentieth.
  assert.ok(waitedUs < spunUs / 3, `${waitedUs} us beside ${spunUs} us with spinning`);
});

test('a training graph passes those optimisers alone that it needs', async () => {
  const g = new GraphBuilder();
  const product = g.matmul(g.input('x', [2, 3]), g.transpose(g.input('w', [4, 3]), [1, 0]));
  g.output('y', g.add(product, g.input('b', [4])));
  const folder = mkdtempSync(path.join(tmpdir(), 'passes-'));
  const optimisedModelFilePath = path.join(folder, 'optimised.onnx');
  const operators = async (optimise: boolean | 'training'): Promise<string[]> => {
    const session = await InferenceSession.create(g.build(), {
      ...sessionOptions(1, { optimise, quiet: true }),
      optimizedModelFilePath: optimisedModelFilePath,
    });
    await session.release();
    const written = readFileSync(optimisedModelFilePath, 'latin1');
    return ['Gemm', 'FusedMatMul', 'Transpose'].filter((name) =>
      // NodeProto's op_type: field 4 of wire type 2, its length, its text.
      written.includes(`"${String.fromCodePoint(name.length)}${name}`),
    );
  };
  try {
    assert.deepEqual(await operators(true), ['Gemm']);
    assert.deepEqual(await operators('training'), ['FusedMatMul']);
    assert.deepEqual(await operators(false), ['Transpose']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every session of the trainer is made there', () => {
  const makers = globSync('**/*.ts', { cwd: trainer }).filter((file) =>
    /InferenceSession\s*\.\s*create/u.test(readFileSync(path.join(trainer, file), 'utf8')),
  );
  assert.deepEqual(
    makers.map((file) => file.split(path.sep).join('/')),
    ['engine/onnx-session.ts'],
  );
});
