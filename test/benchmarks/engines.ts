// Images per second of every engine that works here, in turns: node test/benchmarks/engines.ts [SIDE] [IMAGES] [ENCODER]
import { cpus } from 'node:os';
import { StationError } from '../../shared/station-error.ts';
import { type EngineName, engineNames } from '../../shared/training/engine-names.ts';
import { encoderNames } from '../../shared/training/run-configuration.ts';
import type { StepDescription, TrainEngine } from '../../trainer/backend.ts';
import { buildEngine } from '../../trainer/engine/build-engine.ts';
import { makeCheckStep } from '../../trainer/engine/check-step.ts';
import { findAdapter } from '../../trainer/engine/adapter.ts';
import { featureLength } from '../../trainer/models/encoder.ts';
import { mocoProjector } from '../../trainer/models/heads.ts';

const [side = '96', images = '16', encoderName = 'resnet-18', ...forced] = process.argv.slice(2);
const encoder = encoderNames.find((name) => name === encoderName);
if (encoder === undefined) throw new Error(`There is no encoder ${encoderName}.`);
const batchImages = Number(images);
const description: StepDescription = {
  model: {
    encoder,
    imageHeight: Number(side),
    imageWidth: Number(side),
    projector: mocoProjector(featureLength(encoder)),
  },
  loss: { kind: 'moco', temperature: 0.2, queueLength: 256 },
  batchImages,
};
const rounds = 5;
const threads = cpus().length;
const { weights, input } = makeCheckStep(1, description);

/** Minutes a step, or a program in place of a graphics card: measured only where they are named. */
async function isSlow(name: EngineName): Promise<boolean> {
  if (name === 'tensorflow-cpu') return true;
  if (!name.endsWith('webgpu')) return false;
  return (await findAdapter().catch(() => undefined))?.isSoftware ?? false;
}

const engines = new Map<EngineName, TrainEngine>();
for (const name of engineNames) {
  if (!forced.includes(name) && (await isSlow(name))) {
    console.log(`${name}: left out (slow here); name it after the encoder to measure it`);
    continue;
  }
  try {
    const engine = await buildEngine(name, { ...description, threads, weights });
    await engine.step(input);
    engines.set(name, engine);
  } catch (error) {
    const reason = error instanceof StationError ? error.details['reason'] : error;
    console.log(`${name}: not here (${String(reason)})`);
  }
}

const times = new Map<EngineName, number[]>();
for (let round = 0; round < rounds; round += 1)
  for (const [name, engine] of engines) {
    const startedMs = performance.now();
    await engine.step(input);
    times.set(name, [...(times.get(name) ?? []), performance.now() - startedMs]);
  }

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const plainMs = median(times.get('onnx-plain') ?? []);
console.log(
  `MoCo step, ${encoder}, ${side} px, ${images} images, ${threads} threads, ${rounds} rounds in turns`,
);
for (const [name, engine] of engines) {
  const ms = median(times.get(name) ?? []);
  const rate = ((1000 * batchImages) / ms).toFixed(1);
  console.log(
    `${name}: ${rate} images/s, ${(plainMs / ms).toFixed(2)} times the plain graph (${engine.kind})`,
  );
}
// Some libraries crash while a process ends by itself.
process.exit(0);
