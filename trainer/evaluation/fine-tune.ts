import { createRandom, shuffle } from '../../shared/random.ts';
import type { Embedder, StepDescription } from '../backend.ts';
import { writeView } from '../data/augmentations.ts';
import { initialWeights } from '../engine/initial-weights.ts';
import { buildEmbedder } from '../engine/onnx-embedder.ts';
import { buildOnnxEngine, describeParameters } from '../engine/onnx-engine.ts';
import { featureLength } from '../models/resnet.ts';
import { createAdamw } from '../optimizers.ts';
import { learningRateAt } from '../schedules.ts';
import { normalisePlanes } from './embed-images.ts';
import type { Judged } from './judge-features.ts';
import { measure } from './metrics.ts';
import type { SavedEncoder } from './saved-encoder.ts';

/** A labelled image ready for fine-tuning. */
export type TunedImage = {
  /** Three planes in [0, 1] at the encoder's side. */
  readonly planes: Float32Array;
  /** Class from 0, and number of the patient from 0. */
  readonly label: number;
  readonly patient: number;
};

/** Images of the three parts; `test` is called once, after everything has been chosen. */
export type TunedParts = {
  readonly train: readonly TunedImage[];
  readonly validation: readonly TunedImage[];
  readonly test: () => Promise<readonly TunedImage[]>;
};

type FineTuneOptions = {
  readonly classCount: number;
  readonly epochs: number;
  readonly seed: number;
  readonly threads: number;
  /** Before each step. Throws StationError cancelled. */
  readonly pause: () => Promise<void>;
};

const batchImages = 8;
const learningRate = 3e-4;
const adamw = { betas: [0.9, 0.999] as const, epsilon: 1e-8, weightDecay: 1e-2 };

function describeClassifier(
  { encoder, imageSide }: SavedEncoder,
  classCount: number,
  images: number,
): StepDescription {
  return {
    model: {
      encoder,
      imageHeight: imageSide,
      imageWidth: imageSide,
      projector: {
        lengths: [featureLength(encoder), classCount],
        batchNorm: 'none',
        lastAffine: true,
        hiddenBias: true,
        lastBias: true,
      },
    },
    loss: { kind: 'classes' },
    batchImages: Math.min(batchImages, images),
  };
}

/** Class probabilities of one image's features by the linear head. */
function classify(
  features: Float32Array,
  weights: ReadonlyMap<string, Float32Array>,
  classCount: number,
): readonly number[] {
  const [slopes, offsets] = [weights.get('projector.0.weight'), weights.get('projector.0.bias')];
  const logits = Array.from({ length: classCount }, (_, c) =>
    features.reduce(
      (sum, value, d) => sum + value * (slopes?.[c * features.length + d] ?? 0),
      offsets?.[c] ?? 0,
    ),
  );
  const raised = logits.map((each) => Math.exp(each - Math.max(...logits)));
  const total = raised.reduce((sum, each) => sum + each, 0);
  return raised.map((each) => each / total);
}

async function scoreImages(
  embedder: Embedder,
  images: readonly TunedImage[],
  weights: ReadonlyMap<string, Float32Array>,
  classCount: number,
): Promise<Judged['scored']> {
  const scores = new Float64Array(images.length * classCount);
  for (const [i, { planes }] of images.entries())
    scores.set(
      classify(await embedder.embed(normalisePlanes(planes)), weights, classCount),
      i * classCount,
    );
  return {
    classCount,
    labels: Int32Array.from(images, ({ label }) => label),
    patients: Int32Array.from(images, ({ patient }) => patient),
    scores,
  };
}

type Kept = ReadonlyMap<string, Float32Array>;
const copyOf = (tensors: Kept): Kept =>
  new Map([...tensors].map(([name, values]) => [name, values.slice()]));

/** Weights and statistics of an epoch are written back into the arrays that the engine and embedder share. */
function restore(tensors: Kept, kept: Kept): void {
  for (const [name, values] of kept) tensors.get(name)?.set(values);
}

/**
 * Trains the whole encoder with a linear head on the train part (cross-entropy, AdamW, cosine, augmented views),
 * keeps the epoch with the highest balanced accuracy on validation, and asks it about the test images, once. The
 * encoder's own file is not changed.
 */
export async function fineTune(
  saved: SavedEncoder,
  { train, validation, test }: TunedParts,
  { classCount, epochs, seed, threads, pause }: FineTuneOptions,
): Promise<Judged> {
  const random = createRandom(seed);
  const described = describeClassifier(saved, classCount, train.length);
  const { batchImages: n } = described;
  const weights = initialWeights(describeParameters(described), random);
  for (const [name, values] of weights) {
    if (name.startsWith('projector.')) continue;
    const kept = saved.tensors.get(name);
    if (kept?.length !== values.length) throw new Error(`The saved encoder has no ${name}.`);
    values.set(kept);
  }
  const engine = await buildOnnxEngine({
    ...described,
    threads,
    weights,
    statistics: saved.tensors,
  });
  const { statistics } = engine;
  const embedder = await buildEmbedder({
    encoder: saved.encoder,
    imageHeight: saved.imageSide,
    imageWidth: saved.imageSide,
    batchImages: 1,
    threads,
    weights,
    statistics,
  });
  try {
    const optimizer = createAdamw(adamw);
    const size = 3 * saved.imageSide ** 2;
    const view1 = new Float32Array(n * size);
    const targets = new Float32Array(n * classCount);
    const stepsPerEpoch = Math.floor(train.length / n);
    const schedule = { learningRate, epochs, warmupEpochs: 0, stepsPerEpoch };
    let best = { epoch: 0, score: -1, weights: copyOf(weights), statistics: copyOf(statistics) };
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      const order = shuffle(train, random);
      for (let k = 0; k < stepsPerEpoch; k += 1) {
        await pause();
        targets.fill(0);
        for (const [i, { planes, label }] of order.slice(k * n, (k + 1) * n).entries()) {
          writeView(planes, saved.imageSide, random, view1, i * size);
          targets[i * classCount + label] = 1;
        }
        const { gradients } = await engine.step({ kind: 'classes', view1, targets });
        optimizer.step(weights, gradients, learningRateAt(epoch * stepsPerEpoch + k, schedule));
      }
      const judged = await scoreImages(embedder, validation, weights, classCount);
      const score = measure(judged).balancedAccuracy;
      if (score > best.score)
        best = {
          epoch: epoch + 1,
          score,
          weights: copyOf(weights),
          statistics: copyOf(statistics),
        };
    }
    restore(weights, best.weights);
    restore(statistics, best.statistics);
    return {
      method: 'fine-tuning',
      chosen: {
        name: 'epochs',
        value: best.epoch,
        candidates: Array.from({ length: epochs }, (_, i) => i + 1),
        validationScore: best.score,
      },
      scored: await scoreImages(embedder, await test(), weights, classCount),
    };
  } finally {
    await embedder.close();
    await engine.close();
  }
}
