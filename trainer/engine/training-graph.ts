import type { ModelDescription, StepDescription } from '../backend.ts';
import { applyHead } from '../models/heads.ts';
import { encode } from '../models/encoder.ts';
import { GraphBuilder, type Tensor } from './graph-builder.ts';
import type { BatchStatistics } from './layers.ts';
import { byolLoss, classLoss, mocoLoss, simclrLoss, simsiamLoss } from './loss-graph.ts';

/** A graph with the batch norm statistics it measures and, for a step, the length of its projections. */
export type TrainingGraph = {
  readonly builder: GraphBuilder;
  readonly statistics: readonly BatchStatistics[];
  readonly embeddingLength: number;
};

type Images = Pick<ModelDescription, 'imageHeight' | 'imageWidth'> & {
  readonly batchImages: number;
};

/** `[n, 3, height, width]`. */
export const imageShape = ({ batchImages, imageHeight, imageWidth }: Images): readonly number[] => [
  batchImages,
  3,
  imageHeight,
  imageWidth,
];

/** The length of a model's projections. */
export const projectionLength = ({ projector }: ModelDescription): number =>
  projector.lengths.at(-1) ?? 0;

/** Encoder and projector over one view. Each view passes by itself, so that batch norm sees one view at a time. */
function projectView(
  g: GraphBuilder,
  { model, batchImages }: StepDescription,
  view: string,
  norms: BatchStatistics[],
): Tensor {
  const images = g.input(view, imageShape({ ...model, batchImages }));
  const features = encode(g, images, model.encoder, norms, model.mostBlocks);
  return applyHead(g, features, 'projector', model.projector, norms);
}

/**
 * The graph of one training step: inputs by the loss (see StepInput), outputs `loss`, `embeddings` and `d_<weight>`.
 * `block`: channels in a block of the feature maps, 1: the plain layout.
 */
export function buildTrainingGraph(description: StepDescription, block = 1): TrainingGraph {
  const g = new GraphBuilder(block);
  const statistics: BatchStatistics[] = [];
  const { model, loss, batchImages: n } = description;
  const d = projectionLength(model);
  const project = (view: string): Tensor => projectView(g, description, view, statistics);
  const predict = (z: Tensor): Tensor => {
    if (model.predictor === undefined) throw new Error(`${loss.kind} needs a prediction head.`);
    return applyHead(g, z, 'predictor', model.predictor, statistics);
  };
  const branches = (): readonly [Tensor, Tensor] => [project('view1'), project('view2')];
  switch (loss.kind) {
    case 'moco':
      mocoLoss(g, project('view1'), { ...loss, batchImages: n, length: d });
      break;
    case 'simsiam': {
      // As in a torch module each view passes encoder, projector and predictor before the other.
      const [one, two] = (['view1', 'view2'] as const).map((view) => {
        const target = project(view);
        return { target, prediction: predict(target) };
      });
      if (one === undefined || two === undefined) throw new Error('SimSiam has two views.');
      simsiamLoss(g, one, two, n);
      break;
    }
    case 'byol': {
      const [one, two] = branches();
      byolLoss(g, { one: predict(one), two: predict(two), projection: one }, n, d);
      break;
    }
    case 'simclr': {
      const [one, two] = branches();
      simclrLoss(g, one, two, { temperature: loss.temperature, batchImages: n });
      break;
    }
    case 'classes':
      classLoss(g, project('view1'), n, d);
      break;
    default:
      loss satisfies never;
  }
  g.backward();
  return { builder: g, statistics, embeddingLength: d };
}

/** Forward only: `view1` -> `projections`, not yet of length 1, with the statistics of this batch. */
export function buildProjectionGraph(description: StepDescription, block = 1): TrainingGraph {
  const g = new GraphBuilder(block);
  const statistics: BatchStatistics[] = [];
  g.output('projections', projectView(g, description, 'view1', statistics));
  return { builder: g, statistics, embeddingLength: projectionLength(description.model) };
}
