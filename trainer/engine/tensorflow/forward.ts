import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { StationError } from '../../../shared/station-error.ts';
import type { ModelDescription, ModelEncoder, StepDescription, StepInput } from '../../backend.ts';
import { isVit } from '../../models/encoder.ts';
import type { Tf } from './backends.ts';
import { applyHead } from './heads.ts';
import { normalise, type Pass, stopGradient } from './layers.ts';
import { classLoss, latentLoss, mocoLoss, simclrLoss } from './losses.ts';
import { encode as encodeResnet } from './resnet.ts';

/** What a step gives beside its gradients; embeddings `[n, d]` are unit rows of view 1, or the logits. */
export type Forward = { readonly loss: Scalar; readonly embeddings: Tensor2D };

type Of<Kind extends StepInput['kind']> = Extract<StepInput, { readonly kind: Kind }>;

/** `[n, 3, height, width]` as TensorFlow.js wants it: `[n, height, width, 3]`. */
function imagesOf({ tf }: Pass, model: ModelDescription, values: Float32Array): Tensor4D {
  const { imageHeight: height, imageWidth: width } = model;
  const count = values.length / (3 * height * width);
  return tf.transpose(tf.tensor4d(values, [count, 3, height, width]), [0, 2, 3, 1]);
}

function encode(
  pass: Pass,
  images: Tensor4D,
  encoder: ModelEncoder,
  mostBlocks?: number,
): Tensor2D {
  if (!isVit(encoder)) return encodeResnet(pass, images, encoder, mostBlocks);
  const reason = 'vision transformers are computed by ONNX Runtime alone';
  throw new StationError('engine-unavailable', { reason });
}

/** Encoder and projector: images `[n, 3, height, width]` -> projections `[n, d]`, not of length 1. */
export function projectImages(pass: Pass, model: ModelDescription, values: Float32Array): Tensor2D {
  const { encoder, mostBlocks } = model;
  const features = encode(pass, imagesOf(pass, model, values), encoder, mostBlocks);
  return applyHead(pass, features, 'projector', model.projector);
}

/** The encoder alone: images `[n, 3, height, width]` -> features. */
export function embedImages(
  pass: Pass,
  {
    encoder,
    imageHeight,
    imageWidth,
  }: Pick<ModelDescription, 'encoder' | 'imageHeight' | 'imageWidth'>,
  values: Float32Array,
): Tensor2D {
  const { tf } = pass;
  const count = values.length / (3 * imageHeight * imageWidth);
  const images = tf.tensor4d(values, [count, 3, imageHeight, imageWidth]);
  return encode(pass, tf.transpose(images, [0, 2, 3, 1]), encoder);
}

function predict(pass: Pass, { predictor }: ModelDescription, z: Tensor2D): Tensor2D {
  if (predictor === undefined) throw new Error('This loss needs a prediction head.');
  return applyHead(pass, z, 'predictor', predictor);
}

function simsiam(
  pass: Pass,
  { model }: StepDescription,
  input: Of<'simsiam'>,
  labels: Tensor2D,
): Forward {
  const { tf } = pass;
  const branch = (view: Float32Array): { target: Tensor2D; prediction: Tensor2D } => {
    const z = projectImages(pass, model, view);
    return { target: normalise(tf, z), prediction: predict(pass, model, z) };
  };
  const one = branch(input.view1);
  const two = branch(input.view2);
  // No gradient flows through targets.
  const halves = tf.add<Scalar>(
    latentLoss(tf, one.prediction, stopGradient(tf, two.target), labels),
    latentLoss(tf, two.prediction, stopGradient(tf, one.target), tf.transpose(labels)),
  );
  return { loss: tf.mul(halves, 0.5), embeddings: one.target };
}

function byol(
  pass: Pass,
  { model }: StepDescription,
  input: Of<'byol'>,
  labels: Tensor2D,
): Forward {
  const { tf } = pass;
  const z1 = projectImages(pass, model, input.view1);
  const z2 = projectImages(pass, model, input.view2);
  const rows = (values: Float32Array): Tensor2D => rowsOf(tf, values, labels.shape[0]);
  const [p1, p2] = [predict(pass, model, z1), predict(pass, model, z2)];
  const halves = tf.add<Scalar>(
    latentLoss(tf, p1, rows(input.target2), labels),
    latentLoss(tf, p2, rows(input.target1), tf.transpose(labels)),
  );
  return { loss: tf.mul(halves, 2), embeddings: normalise(tf, z1) };
}

const rowsOf = (tf: Tf, values: Float32Array, rows: number): Tensor2D =>
  tf.tensor2d(values, [rows, values.length / rows]);

/** The loss of a step. Throws where the input is of another loss than the step. */
export function stepLoss(pass: Pass, step: StepDescription, input: StepInput): Forward {
  const { tf } = pass;
  const { model, loss, batchImages: n } = step;
  const wrong = (): Error =>
    new Error(`A step of ${loss.kind} was given the input of ${input.kind}.`);
  switch (input.kind) {
    case 'moco': {
      if (loss.kind !== 'moco') throw wrong();
      const q = normalise(tf, projectImages(pass, model, input.view1));
      const compared = {
        keys: rowsOf(tf, input.keys, n),
        queue: rowsOf(tf, input.queue, loss.queueLength),
        positives: rowsOf(tf, input.positives, n),
        masked: rowsOf(tf, Float32Array.from(input.masked), n),
      };
      return { loss: mocoLoss(tf, q, compared, loss.temperature), embeddings: q };
    }
    case 'simsiam':
      if (loss.kind !== 'simsiam') throw wrong();
      return simsiam(pass, step, input, rowsOf(tf, input.positives, n));
    case 'byol':
      if (loss.kind !== 'byol') throw wrong();
      return byol(pass, step, input, rowsOf(tf, input.positives, n));
    case 'simclr': {
      if (loss.kind !== 'simclr') throw wrong();
      const one = projectImages(pass, model, input.view1);
      const both = tf.concat2d([one, projectImages(pass, model, input.view2)], 0);
      const labels = rowsOf(tf, input.positives, 2 * n);
      return {
        loss: simclrLoss(tf, both, labels, loss.temperature),
        embeddings: normalise(tf, one),
      };
    }
    case 'classes': {
      if (loss.kind !== 'classes') throw wrong();
      const logits = projectImages(pass, model, input.view1);
      return { loss: classLoss(tf, logits, rowsOf(tf, input.targets, n)), embeddings: logits };
    }
    default:
      return input satisfies never;
  }
}
