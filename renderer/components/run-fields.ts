import { findContradictions } from '../../shared/training/contradictions.ts';
import {
  type MeasureName,
  measureNames,
  minedMeasures,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import {
  type OptimizerNumber,
  optimizerNumbers,
  optimizerValues,
  withOptimizerValue,
} from './optimizer-fields.ts';

const words = messages.training;

type NumberName =
  | 'epochs'
  | 'imageSide'
  | 'batchImages'
  | 'warmupEpochs'
  | 'learningRate'
  | 'weightDecay'
  | 'temperature'
  | 'queueLength'
  | 'keyMomentum'
  | 'imageWidth'
  | 'accumulation'
  | 'dropProbability'
  | 'baseMomentum'
  | 'maxLostShare'
  | 'fineTuneEpochs'
  | 'seed';

/** One number of the form with the range that the contract's schema has. */
export type RunField = {
  readonly name: NumberName | OptimizerNumber | 'falsePositiveRate' | MeasureName;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** Asked only for these methods. */
  readonly methods?: readonly RunConfiguration['method'][];
  /** May be left empty: null. */
  readonly optional?: true;
};

/** Shown at once, after the thresholds. */
export const mainFields: readonly RunField[] = [{ name: 'epochs', min: 1, max: 1000, whole: true }];

/** Where the thresholds come from: the rate, or one fixed number for each measure. */
export const thresholdFields = (configuration: RunConfiguration): readonly RunField[] =>
  configuration.falsePositiveRate === null
    ? minedMeasures(configuration).map((name) => ({ name, min: 0, max: 1, whole: false }))
    : [{ name: 'falsePositiveRate', min: 0.0005, max: 0.5, whole: false }];

const isMeasure = (name: RunField['name']): name is MeasureName =>
  (measureNames as readonly string[]).includes(name);

/** Folded away, by the part of the form in which they stand. */
export const moreFields = {
  pairs: [
    { name: 'maxLostShare', min: 0, max: 1, whole: false },
    { name: 'dropProbability', min: 0, max: 1, whole: false },
  ],
  views: [
    { name: 'imageSide', min: 32, max: 512, whole: true },
    { name: 'imageWidth', min: 32, max: 1024, whole: true, optional: true },
    { name: 'batchImages', min: 2, max: 64, whole: true },
    { name: 'accumulation', min: 1, max: 64, whole: true },
  ],
  optimizer: [
    { name: 'learningRate', min: 1e-6, max: 10, whole: false },
    { name: 'weightDecay', min: 0, max: 1, whole: false },
    { name: 'warmupEpochs', min: 0, max: 100, whole: true },
    { name: 'momentum', min: 0, max: 1, whole: false },
    { name: 'beta1', min: 0, max: 1, whole: false },
    { name: 'beta2', min: 0, max: 1, whole: false },
    { name: 'eta', min: 1e-9, max: 1, whole: false },
    { name: 'epsilon', min: 1e-16, max: 1, whole: false },
  ],
  method: [
    { name: 'temperature', min: 0.001, max: 10, whole: false, methods: ['moco-v2', 'simclr'] },
    { name: 'queueLength', min: 1, max: 65_536, whole: true, methods: ['moco-v2'] },
    { name: 'keyMomentum', min: 0, max: 1, whole: false, methods: ['moco-v2'] },
    { name: 'baseMomentum', min: 0, max: 1, whole: false, methods: ['byol'] },
  ],
  engine: [
    { name: 'fineTuneEpochs', min: 0, max: 200, whole: true },
    { name: 'seed', min: 0, max: 0xffffffff, whole: true },
  ],
} as const satisfies Record<string, readonly RunField[]>;
export type FieldPart = keyof typeof moreFields;

/** Whether a field belongs to the chosen method and optimiser. */
export function isAsked({ name, methods }: RunField, configuration: RunConfiguration): boolean {
  if (isOptimizerNumber(name)) return optimizerValues(configuration.optimizer)[name] !== undefined;
  return methods === undefined || methods.includes(configuration.method);
}

const isOptimizerNumber = (name: RunField['name']): name is OptimizerNumber =>
  (optimizerNumbers as readonly string[]).includes(name);

/** The configuration's value of a field; NaN where it has none. */
export function readField(configuration: RunConfiguration, name: RunField['name']): number {
  const value = isMeasure(name)
    ? configuration.thresholds[name]
    : isOptimizerNumber(name)
      ? optimizerValues(configuration.optimizer)[name]
      : configuration[name];
  return value ?? Number.NaN;
}

/** The configuration with one field replaced; NaN: an entry that cannot be used; null: an optional one left empty. */
export function writeField(
  configuration: RunConfiguration,
  name: RunField['name'],
  value: number | null,
): RunConfiguration {
  if (isOptimizerNumber(name)) {
    const optimizer = withOptimizerValue(configuration.optimizer, name, value ?? Number.NaN);
    return { ...configuration, optimizer };
  }
  return isMeasure(name)
    ? {
        ...configuration,
        thresholds: { ...configuration.thresholds, [name]: value ?? Number.NaN },
      }
    : { ...configuration, [name]: value };
}

/** A sentence for each field that cannot be used as it is. */
export function findFieldTrouble(configuration: RunConfiguration): readonly string[] {
  const found: string[] = [];
  const folded: readonly RunField[] = Object.values(moreFields).flat();
  for (const field of [...thresholdFields(configuration), ...mainFields, ...folded]) {
    if (!isAsked(field, configuration)) continue;
    if (field.optional && field.name === 'imageWidth' && configuration.imageWidth === null)
      continue;
    const value = readField(configuration, field.name);
    const inRange = value >= field.min && value <= field.max;
    if (!inRange || (field.whole && !Number.isInteger(value)))
      found.push(
        fill(words.notInRange, {
          field: words.fields[field.name],
          min: String(field.min),
          max: String(field.max),
        }),
      );
  }
  const { imageSide, imageWidth } = configuration;
  if (imageSide % 32 !== 0)
    found.push(fill(words.notMultiple, { field: words.fields.imageSide, of: 32 }));
  if (imageWidth !== null && imageWidth % 32 !== 0)
    found.push(fill(words.notMultiple, { field: words.fields.imageWidth, of: 32 }));
  for (const { field, problem } of findContradictions(configuration))
    found.push(fill(words.contradiction, { field: words.fields[field], problem }));
  return found;
}
