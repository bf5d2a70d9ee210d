import { findPreset } from '../../shared/training/presets.ts';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';
import type { LossDescription, ModelDescription, StepDescription } from '../backend.ts';
import {
  byolHead,
  mocoProjector,
  simclrProjector,
  simsiamPredictor,
  simsiamProjector,
} from './heads.ts';
import { featureLength } from './encoder.ts';

type Chosen = Pick<
  RunConfiguration,
  | 'method'
  | 'encoder'
  | 'imageSide'
  | 'imageWidth'
  | 'batchImages'
  | 'temperature'
  | 'queueLength'
  | 'presetName'
>;

/** Heads of a preset where the run follows one with the same encoder and method, else the station's. */
function chooseHeads({
  method,
  encoder,
  presetName,
}: Chosen): Pick<ModelDescription, 'projector' | 'predictor'> {
  const preset = presetName === null ? undefined : findPreset(presetName);
  if (preset?.encoder === encoder && preset.method.kind === method.replace('-v2', '')) {
    const { method: its } = preset;
    return 'predictor' in its
      ? { projector: its.neck, predictor: its.predictor }
      : { projector: its.neck };
  }
  const features = featureLength(encoder);
  switch (method) {
    case 'moco-v2':
      return { projector: mocoProjector(features) };
    case 'simsiam':
      return { projector: simsiamProjector(features), predictor: simsiamPredictor(features) };
    case 'byol':
      return {
        projector: byolHead(features, 2 * features),
        predictor: byolHead(256, 2 * features),
      };
    case 'simclr':
      return { projector: simclrProjector(features) };
    default:
      return method satisfies never;
  }
}

function chooseLoss({ method, temperature, queueLength }: Chosen): LossDescription {
  switch (method) {
    case 'moco-v2':
      return { kind: 'moco', temperature, queueLength };
    case 'simclr':
      return { kind: 'simclr', temperature };
    case 'simsiam':
    case 'byol':
      return { kind: method };
    default:
      return method satisfies never;
  }
}

/** The training step that a run's configuration asks for. */
export function describeStep(chosen: Chosen): StepDescription {
  const { encoder, imageSide, imageWidth, batchImages } = chosen;
  return {
    model: {
      encoder,
      imageHeight: imageSide,
      imageWidth: imageWidth ?? imageSide,
      ...chooseHeads(chosen),
    },
    loss: chooseLoss(chosen),
    batchImages,
  };
}
