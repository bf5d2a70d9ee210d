import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import type { Batch } from '../../backend.ts';
import type { GraphDescription } from '../training-graph.ts';
import { predictSimsiam, projectMoco, projectSimsiam } from './heads.ts';
import { normalise, type Pass, stopGradient } from './layers.ts';
import { latentLoss, mocoLoss } from './losses.ts';
import { encode } from './resnet.ts';

/** What a step gives beside its gradients; embeddings `[N, dimension]` are unit rows of view 1. */
export type StepResult = { readonly loss: Scalar; readonly embeddings: Tensor2D };

function simsiamLoss(
  pass: Pass,
  { encoder, batchImages: n }: GraphDescription,
  views: readonly Tensor4D[],
  batch: Batch,
): StepResult {
  const { tf } = pass;
  const branches = views.map((view) => {
    const z = projectSimsiam(pass, encode(pass, view, encoder));
    return { z, target: normalise(tf, z), prediction: predictSimsiam(pass, z) };
  });
  const [one, two] = branches;
  if (one === undefined || two === undefined) throw new Error('SimSiam has two views.');
  const positives = tf.tensor2d(batch.positives, [n, n]);
  // No gradient flows through targets.
  const still = (x: Tensor2D): Tensor2D => stopGradient(tf, x);
  const halves = tf.add<Scalar>(
    latentLoss(tf, one.prediction, still(two.target), positives),
    latentLoss(tf, two.prediction, still(one.target), tf.transpose(positives)),
  );
  return { loss: tf.mul(halves, 0.5), embeddings: one.target };
}

function mocoStep(
  pass: Pass,
  { encoder, batchImages: n, queueLength, temperature }: GraphDescription,
  view: Tensor4D | undefined,
  { positives, keys, queue, emptySlots }: Batch,
): StepResult {
  const { tf } = pass;
  if (view === undefined || keys === undefined || queue === undefined || emptySlots === undefined)
    throw new Error('A MoCo step needs keys and a queue.');
  const q = normalise(tf, projectMoco(pass, encode(pass, view, encoder)));
  const dimension = keys.length / n;
  const compared = {
    keys: tf.tensor2d(keys, [n, dimension]),
    queue: tf.tensor2d(queue, [queueLength, dimension]),
    positives: tf.tensor2d(positives, [n, queueLength]),
    masked: tf.tensor2d(Float32Array.from(emptySlots), [1, queueLength]),
  };
  return { loss: mocoLoss(tf, q, compared, temperature), embeddings: q };
}

/** The loss of a step; views `[N, side, side, 3]`. */
export function stepLoss(
  pass: Pass,
  description: GraphDescription,
  views: readonly Tensor4D[],
  batch: Batch,
): StepResult {
  switch (description.method) {
    case 'simsiam':
      return simsiamLoss(pass, description, views, batch);
    case 'moco-v2':
      return mocoStep(pass, description, views[0], batch);
    default:
      return description.method satisfies never;
  }
}

/** Unit projections `[N, dimension]` of images `[N, side, side, 3]`. */
export function projectImages(
  pass: Pass,
  { encoder, method }: GraphDescription,
  images: Tensor4D,
): Tensor2D {
  const features = encode(pass, images, encoder);
  const projection =
    method === 'moco-v2' ? projectMoco(pass, features) : projectSimsiam(pass, features);
  return normalise(pass.tf, projection);
}
