import type { Preset } from './preset.ts';
import {
  adamw,
  base,
  byol,
  byolForSimsiam,
  head,
  lars,
  moco,
  multimatch,
  simsiam,
} from './preset-parts.ts';

const relationInferred = ['relation.measure', 'relation.weights'];

const plainMoco: Preset = {
  ...base('mammo', 'resnet-50'),
  name: 'mammo-moco-plain-r50',
  relation: null,
  method: moco('resnet-50', 256, 1280),
  batchImages: 16,
  optimizer: lars(2e-3, 1e-3),
  warmupEpochs: 10,
  epochs: 240,
  inferred: ['method.queueLength', 'method.neck'],
};

const plainByol: Preset = {
  ...base('mammo', 'resnet-50'),
  name: 'mammo-byol-plain-r50',
  relation: null,
  method: byol('resnet-50'),
  batchImages: 16,
  accumulation: 16,
  optimizer: lars(1e-3, 1e-6),
  warmupEpochs: 10,
  epochs: 250,
};

/** Of the OAI runs the table says only what differs from those on mammograms. */
const plain: readonly Preset[] = [
  plainMoco,
  {
    ...plainMoco,
    ...base('oai', 'resnet-50'),
    name: 'oai-moco-plain-r50',
    method: moco('resnet-50', 256, 512),
    inferred: ['method.neck', 'batchImages', 'optimizer', 'warmupEpochs', 'epochs'],
  },
  plainByol,
  {
    ...plainByol,
    ...base('oai', 'resnet-50'),
    name: 'oai-byol-plain-r50',
    accumulation: 4,
    optimizer: adamw(4e-3, 1e-5),
    inferred: ['batchImages', 'warmupEpochs', 'epochs'],
  },
];

const history: readonly Preset[] = [
  {
    ...base('mammo', 'resnet-50'),
    name: 'mammo-simsiam-mcgip-r50',
    relation: multimatch('mammo', 0.7),
    method: {
      kind: 'simsiam',
      neck: {
        ...head(2048, 2048, 2048, 2048),
        batchNorm: 'all',
        lastAffine: false,
        hiddenBias: false,
      },
      predictor: { ...head(2048, 512, 2048), hiddenBias: false, lastBias: true },
      fixedPredictorRate: true,
    },
    batchImages: 16,
    optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4 },
    warmupEpochs: 0,
    epochs: 200,
    inferred: [
      ...relationInferred,
      'method.neck.hiddenBias',
      'method.predictor.hiddenBias',
      'method.predictor.lastBias',
      'accumulation',
    ],
  },
  {
    ...base('mammo', 'resnet-101'),
    name: 'mammo-simsiam-mcgip-r101',
    relation: multimatch('mammo', 0.7),
    method: simsiam('resnet-101'),
    batchImages: 32,
    accumulation: 16,
    optimizer: adamw(2e-5),
    warmupEpochs: 40,
    epochs: 200,
    inferred: ['relation', 'method.predictor', 'warmupEpochs', 'epochs'],
  },
  {
    ...base('oai', 'resnet-50'),
    name: 'oai-simsiam-mcgip-r50',
    relation: multimatch('oai', 0.95),
    method: simsiam('resnet-50'),
    batchImages: 32,
    accumulation: 4,
    optimizer: adamw(4e-4),
    warmupEpochs: 10,
    epochs: 800,
    departures: [byolForSimsiam],
    inferred: [
      ...relationInferred,
      'method.neck',
      'method.predictor',
      'batchImages',
      'accumulation',
      'warmupEpochs',
    ],
  },
  {
    ...base('mammo', 'resnet-50'),
    name: 'mammo-simclr-mcgip-r50',
    relation: multimatch('mammo', 0.7),
    method: {
      kind: 'simclr',
      neck: { ...head(2048, 2048, 128), batchNorm: 'all', hiddenBias: false },
      temperature: 0.07,
    },
    batchImages: 16,
    optimizer: adamw(2e-5),
    warmupEpochs: 40,
    epochs: 270,
    inferred: [...relationInferred, 'warmupEpochs', 'accumulation'],
  },
];

/** Plain configurations, and those of the release's history. */
export const earlierPresets: readonly Preset[] = [...plain, ...history];
