import { parentPort, workerData } from 'node:worker_threads';
import { createRandom } from '../../shared/random.ts';
import type { WeightsAnswer, WeightsCommand } from './draw-weights.ts';
import { initialWeights } from './initial-weights.ts';
import { buildTrainingGraph } from './training-graph.ts';

const { step, seed } = workerData as WeightsCommand;
const weights = initialWeights(buildTrainingGraph(step).builder.parameters, createRandom(seed));
const answer: WeightsAnswer = [...weights];
parentPort?.postMessage(
  answer,
  answer.map(([, { buffer }]) => buffer),
);
