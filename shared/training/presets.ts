import type { Preset } from './preset.ts';
import {
  adamw,
  base,
  byol,
  byolForSimsiam,
  dentalMoments,
  lars,
  moco,
  multimatch,
  type PresetEncoder,
  simsiam,
  tima,
} from './preset-parts.ts';
import { earlierPresets } from './earlier-presets.ts';

const shortName = (encoder: PresetEncoder): string => encoder.replace('resnet-', 'r');

const defaultFile = 'The release passes no relation, so its default MultiMatch file is read.';
const inbreastForKnees = 'The release loads the relation of mammograms for knees.';
const dentalCheckpoint = 'The release loads weights of ResNet-50 into ResNet-101.';

const mocoMcgip: readonly Preset[] = [
  {
    ...base('mammo', 'resnet-50'),
    name: 'mammo-moco-mcgip-r50',
    relation: multimatch('mammo', 0.95),
    method: moco('resnet-50', 256, 1280),
    batchImages: 16,
    optimizer: lars(2e-3, 1e-2),
    warmupEpochs: 10,
    epochs: 300,
    departures: [defaultFile],
    inferred: ['relation.weights'],
  },
  ...(
    [
      ['resnet-101', 300, []],
      ['resnet-18', 240, [defaultFile]],
    ] as const
  ).map(([encoder, epochs, departures]) => ({
    ...base('mammo', encoder),
    name: `mammo-moco-mcgip-${shortName(encoder)}`,
    relation: multimatch('mammo', 0.95),
    method: moco(encoder, 128, 1280),
    batchImages: 16,
    optimizer: lars(4e-3, 1e-2),
    warmupEpochs: 10,
    epochs,
    departures: [...departures],
    inferred: [
      'relation.measure',
      'relation.weights',
      'method.queueLength',
      'optimizer.momentum',
      'optimizer.weightDecay',
    ],
  })),
  ...(['resnet-50', 'resnet-101'] as const).map((encoder) => ({
    ...base('dental', encoder),
    name: `dental-moco-mcgip-${shortName(encoder)}`,
    relation: dentalMoments(0.7),
    method: moco(encoder, 256, 1280),
    batchImages: 8,
    dropLast: true,
    optimizer: adamw(4e-5),
    warmupEpochs: 40,
    epochs: 300,
    departures: [defaultFile, ...(encoder === 'resnet-101' ? [dentalCheckpoint] : [])],
    inferred: ['relation.measure', 'relation.weights'],
  })),
  {
    ...base('oai', 'resnet-50'),
    name: 'oai-moco-mcgip-r50',
    relation: multimatch('oai', 0.95),
    method: moco('resnet-50', 256, 320),
    batchImages: 32,
    dropLast: true,
    optimizer: adamw(8e-4),
    warmupEpochs: 10,
    epochs: 800,
    inferred: ['relation.measure', 'relation.weights'],
  },
];

const mocoGzpt: Preset = {
  ...base('mammo', 'resnet-50'),
  name: 'mammo-moco-gzpt-r50',
  relation: tima('mammo', 0.95),
  method: moco('resnet-50', 256, 1280),
  batchImages: 16,
  optimizer: adamw(4e-5),
  warmupEpochs: 40,
  epochs: 300,
};

const byolMammo = (encoder: PresetEncoder) => ({
  ...base('mammo', encoder),
  relation: multimatch('mammo', 0.95),
  method: byol(encoder),
  optimizer: adamw(2e-5),
  warmupEpochs: 40,
  inferred: ['relation.measure', 'relation.weights'],
});

const byolMcgip: readonly Preset[] = [
  {
    ...byolMammo('resnet-50'),
    name: 'mammo-byol-mcgip-r50',
    batchImages: 16,
    accumulation: 2,
    epochs: 200,
  },
  {
    ...byolMammo('resnet-50'),
    name: 'mammo-byol-mcgip-r50-b32',
    dropProbability: 0.5,
    batchImages: 32,
    accumulation: 16,
    epochs: 300,
  },
  {
    ...byolMammo('resnet-101'),
    name: 'mammo-byol-mcgip-r101',
    batchImages: 16,
    accumulation: 16,
    epochs: 270,
  },
  {
    ...byolMammo('resnet-18'),
    name: 'mammo-byol-mcgip-r18',
    initialWeights: { from: 'random' },
    batchImages: 16,
    accumulation: 16,
    epochs: 270,
  },
  ...(['resnet-18', 'resnet-50', 'resnet-101'] as const).map((encoder) => ({
    ...base('dental', encoder),
    name: `dental-byol-mcgip-${shortName(encoder)}`,
    relation: dentalMoments(0.9),
    dropProbability: 0.5,
    method: byol(encoder),
    batchImages: 8,
    accumulation: 16,
    optimizer: adamw(2e-5),
    warmupEpochs: 40,
    epochs: 300,
    departures: encoder === 'resnet-101' ? [dentalCheckpoint] : [],
  })),
  {
    ...base('oai', 'resnet-50'),
    name: 'oai-byol-mcgip-r50',
    relation: multimatch('oai', 0.95),
    dropProbability: 0.5,
    method: byol('resnet-50'),
    batchImages: 32,
    accumulation: 4,
    optimizer: adamw(8e-4),
    warmupEpochs: 10,
    epochs: 800,
    departures: [inbreastForKnees],
    inferred: ['relation.measure', 'relation.weights'],
  },
];

/** Names of the GzPT runs that differ in how many pairs they drop. */
const dropVariants = [0.1, 0.3, 0.7, 0.9] as const;
const withDrop = (preset: Preset, dropProbability: number, epochs: number): Preset => ({
  ...preset,
  name: `${preset.name}-drop-${Math.round(100 * dropProbability)}`,
  dropProbability,
  epochs,
});

const gzptMammo = (
  method: Preset['method'],
  encoder: PresetEncoder,
  epochs: number,
): Omit<Preset, 'name'> => ({
  ...base('mammo', encoder),
  relation: tima('mammo', 0.95),
  dropProbability: 0.5,
  method,
  batchImages: encoder === 'resnet-101' ? 16 : 32,
  accumulation: 16,
  optimizer: adamw(2e-5),
  warmupEpochs: 40,
  epochs,
});
const byolGzptR50: Preset = {
  ...gzptMammo(byol('resnet-50'), 'resnet-50', 400),
  name: 'mammo-byol-gzpt-r50',
};
const byolGzptOai: Preset = {
  ...base('oai', 'resnet-50'),
  name: 'oai-byol-gzpt-r50',
  relation: tima('oai', 0.95),
  method: byol('resnet-50'),
  batchImages: 32,
  accumulation: 4,
  optimizer: adamw(8e-4),
  warmupEpochs: 10,
  epochs: 800,
};

const latentGzpt: readonly Preset[] = [
  {
    ...gzptMammo(byol('resnet-18'), 'resnet-18', 300),
    name: 'mammo-byol-gzpt-r18',
  },
  byolGzptR50,
  ...dropVariants.map((drop) => withDrop(byolGzptR50, drop, drop === 0.9 ? 200 : 400)),
  { ...gzptMammo(byol('resnet-101'), 'resnet-101', 400), name: 'mammo-byol-gzpt-r101' },
  byolGzptOai,
  ...dropVariants.map((drop) => withDrop(byolGzptOai, drop, byolGzptOai.epochs)),
  ...(
    [
      ['resnet-50', 200],
      ['resnet-101', 300],
    ] as const
  ).map(([encoder, epochs]) => ({
    ...gzptMammo(simsiam(encoder), encoder, epochs),
    name: `mammo-simsiam-gzpt-${shortName(encoder)}`,
    departures: [byolForSimsiam],
  })),
];

/** Every configuration that the authors released, by name (mcgip section 9), and earlier ones of their history. */
export const presets: readonly Preset[] = [
  ...mocoMcgip,
  mocoGzpt,
  ...byolMcgip,
  ...latentGzpt,
  ...earlierPresets,
];

/** The preset of this name, undefined where there is none. */
export const findPreset = (name: string): Preset | undefined =>
  presets.find((preset) => preset.name === name);
