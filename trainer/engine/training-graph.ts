import type { EncoderName, MethodName } from '../../shared/training/run-configuration.ts';
import { mocoLength, predictSimsiam, projectMoco, projectSimsiam } from '../models/heads.ts';
import { encode, featureLength } from '../models/resnet.ts';
import { GraphBuilder, type Tensor } from './graph-builder.ts';
import { type BatchStatistics, normalise } from './layers.ts';

export type GraphDescription = {
  readonly encoder: EncoderName;
  readonly method: MethodName;
  readonly imageSide: number;
  readonly batchImages: number;
  /** MoCo v2. */
  readonly temperature: number;
  readonly queueLength: number;
  /** Channels in a block of the feature maps; absent or 1: the plain layout. */
  readonly block?: number;
};

/** A training step: inputs `view1`, `view2` (SimSiam), `positives`, `keys`, `queue` (MoCo); outputs `loss`, `embeddings`, `d_<weight>`, batch norm statistics. */
export type TrainingGraph = {
  readonly builder: GraphBuilder;
  readonly statistics: readonly BatchStatistics[];
  readonly embeddingLength: number;
};

const imageShape = ({ batchImages, imageSide }: GraphDescription): readonly number[] => [
  batchImages,
  3,
  imageSide,
  imageSide,
];

/**
 * Half of SimSiam's loss: h = -(1 / sum L) sum L_ij P_i . T_j, no gradient through T (mcgip section 8).
 * The gradient with respect to the prediction is registered at once.
 */
function latentLoss(
  g: GraphBuilder,
  prediction: Tensor,
  target: Tensor,
  positives: Tensor,
  total: Tensor,
): Tensor {
  const { unit, backward } = normalise(g, prediction);
  const pulled = g.matmul(positives, target);
  const agreement = g.sum(g.mul(unit, pulled), [0, 1], false);
  const half = g.div(g.scale(agreement, -0.5), total);
  g.onBackward(() => {
    const dUnit = g.op('Div', [g.scale(pulled, -0.5), total], pulled.shape);
    g.addGradient(prediction, backward(dUnit));
  });
  return half;
}

function buildSimsiam(description: GraphDescription): TrainingGraph {
  const g = new GraphBuilder(description.block);
  const statistics: BatchStatistics[] = [];
  const { batchImages: n } = description;
  const views = ['view1', 'view2'].map((name) => g.input(name, imageShape(description)));
  const positives = g.input('positives', [n, n]);
  // Each view goes through the encoder by itself, so batch norm sees one view at a time, as in torch.
  const branches = views.map((view) => {
    const z = projectSimsiam(g, encode(g, view, description.encoder, statistics), statistics);
    // The projection is also a target, but no gradient flows through targets.
    return { target: normalise(g, z).unit, prediction: predictSimsiam(g, z, statistics) };
  });
  const [one, two] = branches;
  if (one === undefined || two === undefined) throw new Error('SimSiam has two views.');
  const total = g.sum(positives, [0, 1], false);
  const loss = g.add(
    latentLoss(g, one.prediction, two.target, positives, total),
    latentLoss(g, two.prediction, one.target, g.transpose(positives, [1, 0]), total),
  );
  g.output('loss', loss);
  g.output('embeddings', one.target);
  g.backward();
  return { builder: g, statistics, embeddingLength: featureLength(description.encoder) };
}

/** MoCo v2 with gaze positives in the queue (mcgip section 8): loss = -(1 / S) sum Y log softmax. */
function buildMoco(description: GraphDescription): TrainingGraph {
  const g = new GraphBuilder(description.block);
  const statistics: BatchStatistics[] = [];
  const { batchImages: n, queueLength: k, temperature } = description;
  const view = g.input('view1', imageShape(description));
  const keys = g.input('keys', [n, mocoLength]);
  const queue = g.input('queue', [k, mocoLength]);
  const positives = g.input('positives', [n, k]);
  // Slots of the queue that are still empty: minus a large number, else zero.
  const masked = g.input('masked', [1, k]);
  const q = projectMoco(g, encode(g, view, description.encoder, statistics));
  const { unit, backward } = normalise(g, q);
  const own = g.sum(g.mul(unit, keys), [1], true);
  const others = g.add(g.matmul(unit, g.transpose(queue, [1, 0])), masked);
  const logits = g.scale(g.concat([own, others], 1), 1 / temperature);
  const ones = g.op('Expand', [g.number(1), g.integers([n, 1])], [n, 1]);
  const labels = g.concat([ones, positives], 1);
  const total = g.sum(labels, [0, 1], false);
  const logs = g.op('LogSoftmax', [logits], logits.shape, { axis: 1 });
  const loss = g.div(g.scale(g.sum(g.mul(labels, logs), [0, 1], false), -1), total);
  g.output('loss', loss);
  g.output('embeddings', unit);
  g.onBackward(() => {
    const p = g.op('Exp', [logs], logs.shape);
    const rows = g.sum(labels, [1], true);
    const dLogits = g.op('Div', [g.sub(g.mul(p, rows), labels), total], logits.shape);
    const dScaled = g.scale(dLogits, 1 / temperature);
    const dOwn = g.slice(dScaled, [1], [0], [1], [1]);
    const dOthers = g.slice(dScaled, [1], [1], [k + 1], [1]);
    const fromKeys = g.op('Mul', [keys, dOwn], [n, mocoLength]);
    g.addGradient(q, backward(g.add(fromKeys, g.matmul(dOthers, queue))));
  });
  g.backward();
  return { builder: g, statistics, embeddingLength: mocoLength };
}

/** The graph of one training step. */
export function buildTrainingGraph(description: GraphDescription): TrainingGraph {
  switch (description.method) {
    case 'simsiam':
      return buildSimsiam(description);
    case 'moco-v2':
      return buildMoco(description);
    default:
      return description.method satisfies never;
  }
}

/** Forward only: images `[N, 3, side, side]` -> unit projections, with the statistics of this batch. */
export function buildProjectionGraph(description: GraphDescription): TrainingGraph {
  const g = new GraphBuilder(description.block);
  const statistics: BatchStatistics[] = [];
  const features = encode(
    g,
    g.input('view1', imageShape(description)),
    description.encoder,
    statistics,
  );
  const projection =
    description.method === 'moco-v2'
      ? projectMoco(g, features)
      : projectSimsiam(g, features, statistics);
  g.output('projections', normalise(g, projection).unit);
  return { builder: g, statistics, embeddingLength: projection.shape[1] ?? 0 };
}
