import { momentWeights } from '../gaze/similarity/hu-moments.ts';
import { fitImageSize } from './image-size.ts';
import type { Preset } from './preset.ts';
import type { MethodName, RunConfiguration } from './run-configuration.ts';

const methodOf: Readonly<Record<Preset['method']['kind'], MethodName>> = {
  moco: 'moco-v2',
  byol: 'byol',
  simsiam: 'simsiam',
  simclr: 'simclr',
};

/** What the method alone asks for. */
function methodFields(its: Preset['method']): Partial<RunConfiguration> {
  switch (its.kind) {
    case 'moco': {
      const { temperature, queueLength, keyMomentum, ownKeys } = its;
      return { temperature, queueLength, keyMomentum, ownKeys };
    }
    case 'byol':
      return { baseMomentum: its.baseMomentum };
    case 'simclr':
      return { temperature: its.temperature };
    case 'simsiam':
      return { fixedPredictorRate: its.fixedPredictorRate };
    default:
      return its satisfies never;
  }
}

/**
 * A run that follows a published configuration: everything that it fixes; what it leaves open (readers, gate, seed,
 * simulated readings, engine) stays as in `base`. Sides become the next ones of the same shape that an encoder takes.
 * It begins at random: the published weights are no part of the station.
 */
export function followPreset(preset: Preset, base: RunConfiguration): RunConfiguration {
  const { relation, optimizer, imageHeight, imageWidth } = preset;
  const { learningRate, weightDecay, ...rule } = optimizer;
  const size = fitImageSize({ height: imageHeight, width: imageWidth });
  return {
    ...base,
    ...methodFields(preset.method),
    presetName: preset.name,
    method: methodOf[preset.method.kind],
    encoder: preset.encoder,
    initialWeights: { from: 'random' },
    useGaze: relation !== null,
    ...(relation && {
      measures: [relation.measure],
      positivesFrom: relation.measure,
      thresholds: { ...base.thresholds, [relation.measure]: relation.threshold },
      falsePositiveRate: null,
    }),
    dropProbability: preset.dropProbability,
    modality: preset.dataSet === 'mammo' ? 'MG' : null,
    imageSide: size.height,
    imageWidth: size.width === size.height ? null : size.width,
    recipe: preset.augmentation,
    batchImages: preset.batchImages,
    accumulation: preset.accumulation,
    epochs: preset.epochs,
    warmupEpochs: preset.warmupEpochs,
    learningRate,
    weightDecay,
    optimizer: rule,
  };
}

/** What the station does otherwise than the published run of a preset. */
export const presetDepartures = [
  'imagenet-weights',
  'image-size',
  'moment-weights',
  'whole-batches',
] as const;
export type PresetDeparture = (typeof presetDepartures)[number];

/** What a run that follows the preset does otherwise, whatever images it has. */
export function listDepartures(preset: Preset): readonly PresetDeparture[] {
  const { relation, imageHeight: height, imageWidth: width } = preset;
  const fitted = fitImageSize({ height, width });
  const applies: Readonly<Record<PresetDeparture, boolean>> = {
    'imagenet-weights': preset.initialWeights.from === 'imagenet',
    'image-size': fitted.height !== height || fitted.width !== width,
    'moment-weights':
      relation?.measure === 'hu-moments' && relation.weights.hu !== momentWeights.mammography.hu,
    'whole-batches': !preset.dropLast,
  };
  return presetDepartures.filter((each) => applies[each]);
}
