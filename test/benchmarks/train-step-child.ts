// One engine's step for train-step.ts: node train-step-child.ts ENCODER METHOD SIDE IMAGES ENGINE THREADS
// Speaks as train-step.py does.
import { createInterface } from 'node:readline';
import { engineNames } from '../../shared/training/engine-names.ts';
import { createRandom } from '../../shared/random.ts';
import {
  demonstrationConfiguration,
  runConfiguration,
} from '../../shared/training/run-configuration.ts';
import { buildEngine } from '../../trainer/engine/build-engine.ts';
import { initialWeights } from '../../trainer/engine/initial-weights.ts';
import { describeParameters } from '../../trainer/engine/onnx-engine.ts';
import { createMethod } from '../../trainer/methods/create-method.ts';
import { describeStep } from '../../trainer/models/describe-model.ts';
import { createOptimizer } from '../../trainer/optimizers.ts';

const [encoder, method, side, images, engineName, threads] = process.argv.slice(2);
const batchImages = Number(images);
const configuration = runConfiguration.parse({
  ...demonstrationConfiguration,
  encoder,
  method,
  imageSide: Number(side),
  batchImages,
  temperature: 0.2,
  queueLength: 4096,
  keyMomentum: 0.99,
});
const name = engineNames.find((each) => each === engineName);
if (name === undefined) throw new Error(`There is no engine ${engineName}.`);
const described = describeStep(configuration);
const random = createRandom(1);
const weights = initialWeights(describeParameters(described), random);
const engine = await buildEngine(name, { ...described, threads: Number(threads), weights });
const learner = createMethod(configuration, engine, 1000, undefined);
const optimizer = createOptimizer(configuration, engine.parameters);
const view = (): Float32Array =>
  new Float32Array(batchImages * 3 * Number(side) ** 2).map(() => 3.4 * random.next() - 1.7);
const views = {
  imageIds: Array.from({ length: batchImages }, (_, i) => i + 1),
  view1: view(),
  view2: view(),
};

async function step(): Promise<void> {
  const { gradients } = await learner.step(engine, views, () => false);
  optimizer.step(engine.weights, gradients, 0.03);
}

await step();
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== 'step') break;
  const startedMs = performance.now();
  await step();
  console.log(performance.now() - startedMs);
}
console.log(process.resourceUsage().maxRSS * 1024);
process.exit(0);
