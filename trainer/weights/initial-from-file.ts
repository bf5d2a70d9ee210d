import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { modelFileOf } from '../../shared/training/initial-weights.ts';
import { encoderNames, type RunConfiguration } from '../../shared/training/run-configuration.ts';
import { StationError } from '../../shared/station-error.ts';
import { describeEncoder } from '../models/encoder.ts';
import { loadWeights, type WantedEncoder } from './load-weights.ts';

/** An encoder to begin from, with what was changed to make it fit. */
export type EncoderStart = {
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly statistics: ReadonlyMap<string, Float32Array>;
  readonly adapted: readonly string[];
};

/**
 * The encoder that the run's configuration takes from a file or a model, or undefined where it begins at random. Throws
 * StationError file-missing, weights-unreadable, weights-do-not-fit.
 */
export async function readEncoderStart({
  configuration: { initialWeights, encoder, imageSide, imageWidth },
  filesFolder,
}: {
  readonly configuration: Pick<
    RunConfiguration,
    'initialWeights' | 'encoder' | 'imageSide' | 'imageWidth'
  >;
  readonly filesFolder: string;
}): Promise<EncoderStart | undefined> {
  if (initialWeights.from === 'random') return undefined;
  const { sha256 } = initialWeights;
  const isModel = initialWeights.from === 'model';
  const name = isModel ? `of model ${initialWeights.version}` : initialWeights.name;
  const stored = isModel
    ? path.join(path.dirname(filesFolder), modelFileOf(sha256))
    : path.join(filesFolder, sha256.slice(0, 2), sha256);
  const bytes = await readFile(stored).catch((error: unknown) => {
    throw new StationError('file-missing', { file: name }, { cause: error });
  });
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new StationError('weights-unreadable', {
      file: name,
      reason: isModel
        ? 'its SHA-256 is not the registered one; choose another model'
        : 'its copy in the data folder is damaged; choose the file again',
    });
  const want = (each: (typeof encoderNames)[number]): WantedEncoder => {
    const { parameters, statistics } = describeEncoder(each, imageSide, imageWidth ?? imageSide);
    return { encoder: each, tensors: [...parameters, ...statistics] };
  };
  const wanted = want(encoder);
  const others = encoderNames.filter((each) => each !== encoder).map(want);
  const { values, adapted } = loadWeights(name, bytes, wanted, others);
  const { statistics } = describeEncoder(encoder, imageSide, imageWidth ?? imageSide);
  const measured = new Set(statistics.map((each) => each.name));
  return {
    weights: new Map([...values].filter(([each]) => !measured.has(each))),
    statistics: new Map([...values].filter(([each]) => measured.has(each))),
    adapted,
  };
}
