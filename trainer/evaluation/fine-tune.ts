import { createRandom, shuffle } from '../../shared/random.ts';
import type { EngineDescription, StepDescription, TrainEngine } from '../backend.ts';
import { type CachedImage, type ImageCache } from '../data/image-cache.ts';
import { viewLength, writeView } from '../data/view-work.ts';
import { initialWeights } from '../engine/initial-weights.ts';
import { buildTrainingGraph } from '../engine/training-graph.ts';
import { featureLength } from '../models/encoder.ts';
import { classifierHead } from '../models/heads.ts';
import { createAdamw } from '../optimizers.ts';
import { learningRateAt } from '../schedules.ts';
import { embedPrepared } from './embed-prepared.ts';
import type { Judged } from './judge-features.ts';
import { measure } from './metrics.ts';
import type { SavedEncoder } from './saved-encoder.ts';
import type { SealedTest } from './sealed-test.ts';

/** A labelled image with a prepared picture. */
export type TunedImage = {
  readonly image: CachedImage;
  /** Class from 0, and number of the patient from 0. */
  readonly label: number;
  readonly patient: number;
};

/** Images of the three parts, prepared at the encoder's height and width. */
export type TunedParts = {
  readonly cache: ImageCache;
  readonly train: readonly TunedImage[];
  readonly validation: readonly TunedImage[];
  readonly test: SealedTest<readonly TunedImage[]>;
};

type FineTuneOptions = {
  readonly classCount: number;
  readonly epochs: number;
  readonly seed: number;
  readonly threads: number;
  readonly build: (description: EngineDescription) => Promise<TrainEngine>;
  /** Before each step, with the images that were learnt from so far. Throws StationError cancelled. */
  readonly beforeStep: (done: number) => Promise<void>;
};

type Tensors = ReadonlyMap<string, Float32Array>;
type TunedEncoder = { readonly weights: Tensors; readonly statistics: Tensors };

const mostBatchImages = 8;
const learningRate = 3e-4;
const adamw = { betas: [0.9, 0.999] as const, epsilon: 1e-8, weightDecay: 1e-2 };

function describeClassifier(
  { encoder, imageHeight, imageWidth }: SavedEncoder,
  classCount: number,
  images: number,
): StepDescription {
  const projector = classifierHead(featureLength(encoder), classCount);
  return {
    model: { encoder, imageHeight, imageWidth, projector },
    loss: { kind: 'classes' },
    batchImages: Math.min(mostBatchImages, images),
  };
}

/** The saved encoder's weights, copied, under a new head. */
function startWeights(
  { tensors }: SavedEncoder,
  drawn: ReadonlyMap<string, Float32Array>,
): ReadonlyMap<string, Float32Array> {
  for (const [name, values] of drawn) {
    if (name.startsWith('projector.')) continue;
    const kept = tensors.get(name);
    if (kept?.length !== values.length) throw new Error(`The saved encoder has no ${name}.`);
    values.set(kept);
  }
  return drawn;
}

/** Class probabilities of one image's features by the linear head. */
function classify(features: Float32Array, weights: Tensors, classCount: number): readonly number[] {
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

const copyOf = (tensors: Tensors): Tensors =>
  new Map([...tensors].map(([name, values]) => [name, values.slice()]));

/**
 * Trains the whole encoder with a linear head on the train part (cross-entropy, AdamW, cosine, views of the cache's
 * recipe), keeps the epoch with the highest balanced accuracy on validation, and asks it about the test images, once.
 * The saved encoder is not changed. Throws StationError prepared-image-lost, and where the loss is no number.
 */
export async function fineTune(
  saved: SavedEncoder,
  { cache, train, validation, test }: TunedParts,
  { classCount, epochs, seed, threads, build, beforeStep }: FineTuneOptions,
): Promise<Judged> {
  const random = createRandom(seed);
  const described = describeClassifier(saved, classCount, train.length);
  const { batchImages: n } = described;
  const { parameters } = buildTrainingGraph(described).builder;
  const weights = startWeights(saved, initialWeights(parameters, random));
  const score = async (
    tuned: TunedEncoder,
    images: readonly TunedImage[],
  ): Promise<Judged['scored']> => {
    const length = featureLength(saved.encoder);
    const features = await embedPrepared(
      { encoder: saved.encoder, threads, ...tuned },
      cache,
      images.map(({ image }) => image),
    );
    const scores = images.flatMap((_, i) =>
      classify(features.subarray(i * length, (i + 1) * length), tuned.weights, classCount),
    );
    return {
      classCount,
      labels: Int32Array.from(images, ({ label }) => label),
      patients: Int32Array.from(images, ({ patient }) => patient),
      scores: Float64Array.from(scores),
    };
  };
  const engine = await build({ ...described, threads, weights, statistics: saved.tensors });
  try {
    const optimizer = createAdamw(adamw);
    const view1 = new Float32Array(n * viewLength(cache));
    const targets = new Float32Array(n * classCount);
    const stepsPerEpoch = Math.floor(train.length / n);
    const schedule = { learningRate, epochs, warmupEpochs: 0, stepsPerEpoch };
    let best = { epoch: 0, validationScore: -1, weights, statistics: engine.statistics };
    for (let epoch = 0; epoch < epochs; epoch += 1) {
      const order = shuffle(train, random);
      for (let k = 0; k < stepsPerEpoch; k += 1) {
        const step = epoch * stepsPerEpoch + k;
        await beforeStep(step * n);
        targets.fill(0);
        for (const [i, { image, label }] of order.slice(k * n, (k + 1) * n).entries()) {
          writeView(cache, image, random, view1, i * viewLength(cache));
          targets[i * classCount + label] = 1;
        }
        const { loss, gradients } = await engine.step({ kind: 'classes', view1, targets });
        if (!Number.isFinite(loss)) throw new Error(`The loss of step ${step + 1} is ${loss}.`);
        optimizer.step(weights, gradients, learningRateAt(step, schedule));
      }
      const judged = await score({ weights, statistics: engine.statistics }, validation);
      const validationScore = measure(judged).balancedAccuracy;
      if (validationScore > best.validationScore)
        best = {
          epoch: epoch + 1,
          validationScore,
          weights: copyOf(weights),
          statistics: copyOf(engine.statistics),
        };
    }
    const candidates = Array.from({ length: epochs }, (_, i) => i + 1);
    return {
      method: 'fine-tuning',
      chosen: {
        name: 'epochs',
        value: best.epoch,
        candidates,
        validationScore: best.validationScore,
      },
      scored: await score(best, test.open()),
    };
  } finally {
    await engine.close();
  }
}
