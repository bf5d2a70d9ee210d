import type { EncoderName } from '../../shared/training/run-configuration.ts';
import type { ParameterDescription } from '../backend.ts';
import { GraphBuilder } from '../engine/graph-builder.ts';
import type { BatchStatistics } from '../engine/layers.ts';
import { encode } from './resnet.ts';

/** What an encoder keeps, in the order of its graph. */
export type EncoderTensors = {
  readonly parameters: readonly ParameterDescription[];
  /** Running mean and variance of every batch norm. */
  readonly statistics: readonly ParameterDescription[];
};

/** Names and shapes of an encoder's tensors for images of this side. */
export function describeEncoder(encoder: EncoderName, imageSide: number): EncoderTensors {
  const g = new GraphBuilder();
  const norms: BatchStatistics[] = [];
  encode(g, g.input('images', [2, 3, imageSide, imageSide]), encoder, norms);
  return {
    parameters: g.parameters,
    statistics: norms.flatMap(({ name, channels }) =>
      ['mean', 'var'].map((kind) => ({ name: `${name}.running_${kind}`, shape: [channels] })),
    ),
  };
}
