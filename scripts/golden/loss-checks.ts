import { alikeAbove } from '../../trainer/losses/gaze-relation.ts';
import { latentLoss } from '../../trainer/losses/latent-loss.ts';
import { dot, type Matrix, normaliseRows, transpose } from '../../trainer/losses/matrix.ts';
import { mocoLoss } from '../../trainer/losses/moco-loss.ts';
import {
  batchPositives,
  queueLabels,
  viewPositives,
} from '../../trainer/losses/positive-labels.ts';
import { simclrLoss } from '../../trainer/losses/simclr-loss.ts';
import { forward } from '../../trainer/reference/layers.ts';
import { exact, type GoldenFolder, type GoldenResult, Tally } from './golden-folder.ts';
import { matrixFrom, relationFrom, type RowList } from './golden-matrix.ts';
import { arraysFrom, layersFrom, type StateEntries } from './golden-network.ts';

const file = 'losses.json';
/** Tolerance of losses and gradients in double precision. */
const tolerance = 1e-10;

type MocoCase = {
  readonly temperature: number;
  readonly q_raw: RowList;
  readonly k_raw: RowList;
  readonly queue: RowList;
  readonly labels: RowList;
  readonly l_pos: RowList;
  readonly l_neg: RowList;
  readonly loss: number;
  readonly grad_q_raw: RowList;
  readonly grad_l_pos: RowList;
  readonly grad_l_neg: RowList;
  readonly plain_moco_loss: number;
};

/** A column of a matrix, and the columns after the first. */
const firstColumn = ({ rows, columns, values }: Matrix): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => values[i * columns] ?? Number.NaN);
const otherColumns = ({ columns, values }: Matrix): Float64Array =>
  values.filter((_, at) => at % columns !== 0);

/** MoCo with gaze, its scalar products, every gradient, and the plain loss. */
export function checkMocoLoss(golden: GoldenFolder): GoldenResult {
  const { MoCoGazeHead: cases } = golden.read(file) as { readonly MoCoGazeHead: MocoCase[] };
  const tally = new Tally();
  for (const each of cases) {
    const terms = {
      queries: matrixFrom(each.q_raw),
      keys: normaliseRows(matrixFrom(each.k_raw)),
      queue: transpose(matrixFrom(each.queue)),
      temperature: each.temperature,
    };
    const found = mocoLoss({ ...terms, positives: each.labels.flat() });
    tally.add(found.loss, each.loss);
    tally.addAll(found.gradient.values, each.grad_q_raw.flat());
    tally.addAll(firstColumn(found.products), each.l_pos.flat());
    tally.addAll(otherColumns(found.products), each.l_neg.flat());
    tally.addAll(firstColumn(found.productGradient), each.grad_l_pos.flat());
    tally.addAll(otherColumns(found.productGradient), each.grad_l_neg.flat());
    const plain = mocoLoss({ ...terms, positives: new Uint8Array(each.labels.flat().length) });
    tally.add(plain.loss, each.plain_moco_loss);
  }
  return tally.result('MoCo, loss and gradients', file, tolerance);
}

type LatentCase = {
  readonly input: RowList;
  readonly target: RowList;
  readonly labels: RowList;
  readonly predictor?: StateEntries;
  readonly loss: number;
  readonly grad_input: RowList;
  readonly grad_predictor?: StateEntries;
  readonly running_after?: StateEntries;
  readonly plain_loss: number;
};

/** 1 on the diagonal alone. */
const identity = (n: number): Float32Array =>
  Float32Array.from({ length: n * n }, (_, at) => Number(at % (n + 1) === 0));

/** Latent prediction, with and without a predictor: loss, gradients, running statistics, and the plain loss. */
export function checkLatentLoss(golden: GoldenFolder): GoldenResult {
  const { LatentGazePredictHead: cases } = golden.read(file) as {
    readonly LatentGazePredictHead: LatentCase[];
  };
  const tally = new Tally();
  for (const each of cases) {
    const [input, target] = [matrixFrom(each.input), matrixFrom(each.target)];
    const arrays = arraysFrom(each.predictor ?? {});
    const predicted = forward(layersFrom(each.predictor ?? {}, ''), arrays, input);
    const { loss, gradient } = latentLoss(predicted.output, target, each.labels.flat());
    const back = predicted.backward(gradient);
    tally.add(loss, each.loss);
    tally.addAll(back.input.values, each.grad_input.flat());
    for (const [name, values] of Object.entries(each.grad_predictor ?? {}))
      tally.addAll(back.weights.get(name) ?? [], values.flat());
    for (const [name, values] of Object.entries(each.running_after ?? {}))
      tally.addAll(arrays.get(name) ?? [], values.flat());
    const plain = latentLoss(predicted.output, target, identity(input.rows));
    tally.add(plain.loss, each.plain_loss);
  }
  return tally.result('latent prediction, loss and gradients', file, tolerance);
}

type SimclrCase = {
  readonly temperature: number;
  readonly threshold: number;
  readonly weights: readonly number[];
  readonly relation5: readonly RowList[];
  readonly idx: readonly number[];
  readonly x1: RowList;
  readonly x2: RowList;
  readonly labels: RowList;
  readonly loss: number;
  readonly grad_x1: RowList;
  readonly grad_x2: RowList;
  readonly plain_simclr_loss: number;
};

/** SimCLR with the published labels (five similarities, weighted): labels, loss, gradients, and the plain loss. */
export function checkSimclrLoss(golden: GoldenFolder): GoldenResult[] {
  const { SimCLR_gaze_historic: cases } = golden.read(file) as {
    readonly SimCLR_gaze_historic: SimclrCase[];
  };
  const [labelled, measured] = [new Tally(), new Tally()];
  for (const each of cases) {
    const weights = Float64Array.from(each.weights);
    const relation = relationFrom(
      each.relation5.map((row) => row.map((five) => dot(weights, Float64Array.from(five)))),
    );
    const alike = alikeAbove(relation, each.threshold, relation);
    const labels = viewPositives(each.idx, alike, { asPublished: true });
    const side = 2 * each.idx.length;
    labelled.addAll(
      labels.filter((_, at) => at % (side + 1) !== 0),
      each.labels.flat(),
    );
    const rows = matrixFrom([...each.x1, ...each.x2]);
    const { loss, gradient } = simclrLoss(rows, labels, each.temperature);
    measured.add(loss, each.loss);
    measured.addAll(gradient.values, [...each.grad_x1, ...each.grad_x2].flat());
    const plain = viewPositives(each.idx, () => false);
    measured.add(simclrLoss(rows, plain, each.temperature).loss, each.plain_simclr_loss);
  }
  return [
    labelled.result('SimCLR, positive labels', file, exact),
    measured.result('SimCLR, loss and gradients', file, tolerance),
  ];
}

type LabelCase = {
  readonly threshold: number;
  readonly relation: RowList;
  readonly idx: readonly number[];
  readonly byol: RowList;
  readonly simsiam: RowList;
  readonly queue_idx: readonly number[];
  readonly moco: RowList;
};

/** Published label matrices of BYOL, SimSiam and MoCo from a relation. */
export function checkLabels(golden: GoldenFolder): GoldenResult {
  const { labels: cases } = golden.read(file) as { readonly labels: LabelCase[] };
  const tally = new Tally();
  for (const each of cases) {
    const relation = relationFrom(each.relation);
    const alike = alikeAbove(relation, each.threshold, relation);
    const batch = batchPositives(each.idx, alike, { asPublished: true });
    tally.addAll(batch, each.byol.flat());
    tally.addAll(batch, each.simsiam.flat());
    const queue = queueLabels(each.idx, each.queue_idx, alike, { asPublished: true });
    tally.addAll(queue.positives, each.moco.flat());
  }
  return tally.result('BYOL, SimSiam and MoCo, positive labels', file, exact);
}
