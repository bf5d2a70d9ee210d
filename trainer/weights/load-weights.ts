import { StationError } from '../../shared/station-error.ts';
import type { ParameterDescription } from '../backend.ts';
import {
  encoderTensors,
  findMisfits,
  fits,
  type MatchedWeights,
  type Misfits,
  takeWeights,
} from './match-weights.ts';
import { readWeightFile } from './read-weights.ts';
import { type FileTensor, WeightFileFault } from './weight-file.ts';

/** Every tensor that does not fit, by name. */
function wordMisfits({ missing, extra, wrong }: Misfits): string {
  const part = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${what} (${names.length}): ${names.join(', ')}`];
  return [
    ...part('Of another shape', wrong),
    ...part('Missing', missing),
    ...part('Not wanted', extra),
  ].join('. ');
}

/** Numbers that no training can start from, as the reason of a refusal. */
function checkNumbers(values: ReadonlyMap<string, Float32Array>): void {
  const broken = [...values]
    .filter(([, numbers]) => numbers.some((value) => !Number.isFinite(value)))
    .map(([name]) => name);
  if (broken.length > 0)
    throw new WeightFileFault(
      `numbers in ${broken.join(', ')} are not finite; take an earlier checkpoint`,
    );
  const negative = [...values]
    .filter(
      ([name, numbers]) => name.endsWith('.running_var') && numbers.some((value) => value < 0),
    )
    .map(([name]) => name);
  if (negative.length > 0)
    throw new WeightFileFault(`variances in ${negative.join(', ')} are negative; export it again`);
}

/** An encoder as a file must fit it. */
export type WantedEncoder = {
  readonly encoder: string;
  /** Weights and, of batch norm, running statistics. */
  readonly tensors: readonly ParameterDescription[];
};

/**
 * Tensors of a file for an encoder. `others` are named where the file fits one of them instead. Throws
 * StationError weights-unreadable, weights-do-not-fit (with every tensor that is missing, not wanted or of
 * another shape).
 */
export function loadWeights(
  file: string,
  bytes: Buffer,
  wanted: WantedEncoder,
  others: readonly WantedEncoder[],
): MatchedWeights {
  try {
    const tensors: readonly FileTensor[] = encoderTensors(readWeightFile(bytes));
    const misfits = findMisfits(tensors, wanted.tensors);
    if (!fits(misfits)) {
      const other = others.find((each) => fits(findMisfits(tensors, each.tensors)));
      throw new StationError('weights-do-not-fit', {
        file,
        encoder: wanted.encoder,
        problems: wordMisfits(misfits),
        ...(other && { fits: other.encoder }),
      });
    }
    const matched = takeWeights(tensors, wanted.tensors);
    checkNumbers(matched.values);
    return matched;
  } catch (error) {
    if (!(error instanceof WeightFileFault)) throw error;
    throw new StationError('weights-unreadable', { file, reason: error.message }, { cause: error });
  }
}
