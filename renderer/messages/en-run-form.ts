import type { PresetDeparture } from '../../shared/training/follow-preset.ts';
import type { EngineChoiceName } from '../../shared/training/engine-names.ts';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';
import type { RecipeName } from '../../shared/training/view-recipes.ts';

/** Words of the form of a new run that are not those of a run. */
export const runFormMessages = {
  preset: 'Configuration',
  demonstration: 'Demonstration: a small run, minutes',
  ofModel: 'As model {version} was made',
  dataSets: { mammo: 'Mammograms', dental: 'Dental', oai: 'Knee radiographs' },
  changed: 'Changed: {options}.',
  undo: 'Undo the changes',
  published: 'What this run does otherwise than the published one',
  departures: {
    'imagenet-weights':
      'The published run began from ImageNet weights of this encoder. They are no part of Fovea: choose them as a file, or this run begins at random.',
    'image-size':
      'Its views were {published} px; they are {own} px here, the next larger of this shape.',
    'moment-weights':
      'It weighed the two moments 0.8 and 0.2; the station’s measure weighs both alike.',
    'whole-batches':
      'It took images that do not fill a batch too; here they wait for the next epoch.',
  } satisfies Record<PresetDeparture, string>,
  stationHeads:
    'With another method or encoder than {name} it has the station’s own heads, and is not called by that name.',
  all: 'All settings',
  parts: {
    pairs: 'Pairs',
    views: 'Views and batches',
    optimizer: 'Optimiser',
    method: 'Method',
    engine: 'Engine and seed',
  },
  engine: 'Engine',
  engines: {
    automatic: 'The fastest that passes its check',
    'onnx-cuda': 'ONNX Runtime on an NVIDIA card (CUDA)',
    'onnx-webgpu': 'ONNX Runtime on a graphics card (WebGPU)',
    'tensorflow-node': 'TensorFlow’s own library',
    'tensorflow-webgpu': 'TensorFlow.js on a graphics card (WebGPU)',
    'onnx-blocked': 'ONNX Runtime, processor, blocked',
    'onnx-plain': 'ONNX Runtime, processor, plain',
    'tensorflow-cpu': 'TensorFlow.js, processor (very slow)',
  } satisfies Record<EngineChoiceName, string>,
  gaze: 'Use gaze',
  square: 'square',
  recipe: 'Views',
  recipes: {
    demonstration: 'Demonstration',
    mammo: 'Mammograms, as published',
    dental: 'Dental, as published',
    oai: 'Knee radiographs, as published',
    'mammo-16-bit': 'Mammograms of 16 bits',
  } satisfies Record<RecipeName, string>,
  optimizer: 'Optimiser',
  optimizers: { sgd: 'SGD', adamw: 'AdamW', lars: 'LARS' } satisfies Record<
    RunConfiguration['optimizer']['kind'],
    string
  >,
  ownKeys: 'Earlier keys of an image itself are',
  ownKeysAre: {
    positive: 'positives',
    negative: 'negatives',
    'left-out': 'left out',
  } satisfies Record<RunConfiguration['ownKeys'], string>,
  weights: 'Initial weights',
  random: 'At random',
  file: 'File {name}',
  model: 'Model {version}',
  chooseFile: 'Choose a file',
  beginAtRandom: 'Begin at random',
  checking: 'Looking whether they fit',
  fits: 'They fit {encoder}.',
  takeEncoder: 'Take {encoder}',
  cost: {
    same: 'Run {run} did {speed} images a second like this on this machine: {epochs} over its {images} images take about {time}.',
    times:
      'Each picture takes {work} run {run}, which did {speed} images a second (computed; the speed of this encoder is not measured yet).',
    unmeasured:
      'Each picture takes {work} the demonstration configuration (computed; no run has been measured on this machine yet).',
    asMuch: 'as much work as',
    timesAsMuch: '{times} times the work of',
    needs: 'Needs {n} images at least: one batch.',
  },
  epochs: { one: '{n} epoch', many: '{n} epochs' },
} as const;
