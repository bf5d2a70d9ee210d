import {
  type MeasureName,
  measureNames,
  minedMeasures,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';

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
  | 'maxLostShare'
  | 'fineTuneEpochs'
  | 'seed';

/** One number of the form with the range that the contract's schema has. */
export type RunField = {
  readonly name: NumberName | 'falsePositiveRate' | MeasureName;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** Asked only for this method. */
  readonly method?: RunConfiguration['method'];
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

/** Folded away. */
export const moreFields: readonly RunField[] = [
  { name: 'maxLostShare', min: 0, max: 1, whole: false },
  { name: 'imageSide', min: 32, max: 512, whole: true },
  { name: 'batchImages', min: 2, max: 64, whole: true },
  { name: 'warmupEpochs', min: 0, max: 100, whole: true },
  { name: 'learningRate', min: 1e-6, max: 10, whole: false },
  { name: 'weightDecay', min: 0, max: 1, whole: false },
  { name: 'temperature', min: 0.001, max: 10, whole: false, method: 'moco-v2' },
  { name: 'queueLength', min: 1, max: 65_536, whole: true, method: 'moco-v2' },
  { name: 'keyMomentum', min: 0, max: 1, whole: false, method: 'moco-v2' },
  { name: 'fineTuneEpochs', min: 0, max: 200, whole: true },
  { name: 'seed', min: 0, max: 0xffffffff, whole: true },
];

/** The configuration's value of a field. */
export function readField(configuration: RunConfiguration, name: RunField['name']): number {
  return (isMeasure(name) ? configuration.thresholds[name] : configuration[name]) ?? Number.NaN;
}

/** The configuration with one field replaced; NaN stands for an entry that cannot be used. */
export function writeField(
  configuration: RunConfiguration,
  name: RunField['name'],
  value: number,
): RunConfiguration {
  return isMeasure(name)
    ? { ...configuration, thresholds: { ...configuration.thresholds, [name]: value } }
    : { ...configuration, [name]: value };
}

/** A sentence for each field that cannot be used as it is. */
export function findFieldTrouble(configuration: RunConfiguration): readonly string[] {
  const found: string[] = [];
  for (const field of [...thresholdFields(configuration), ...mainFields, ...moreFields]) {
    if (field.method !== undefined && field.method !== configuration.method) continue;
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
  const { imageSide, queueLength, batchImages, method } = configuration;
  if (imageSide % 32 !== 0)
    found.push(fill(words.notMultiple, { field: words.fields.imageSide, of: 32 }));
  if (method === 'moco-v2' && queueLength % batchImages !== 0)
    found.push(fill(words.notMultiple, { field: words.fields.queueLength, of: batchImages }));
  return found;
}
