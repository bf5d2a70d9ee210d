import type { GraphBuilder, Tensor } from './graph-builder.ts';
import { normalise } from './layers.ts';

/** Softmax cross-entropy: -(1 / sum Y) sum Y log softmax(z), and its gradient (rowsum(Y) p - Y) / sum Y. */
function softmaxLoss(
  g: GraphBuilder,
  logits: Tensor,
  labels: Tensor,
): { readonly loss: Tensor; readonly gradient: () => Tensor } {
  const total = g.sum(labels, [0, 1], false);
  const logs = g.op('LogSoftmax', [logits], logits.shape, { axis: 1 });
  const loss = g.div(g.scale(g.sum(g.mul(labels, logs), [0, 1], false), -1), total);
  return {
    loss,
    gradient: () => {
      const p = g.op('Exp', [logs], logs.shape);
      const rows = g.sum(labels, [1], true);
      return g.op('Div', [g.sub(g.mul(p, rows), labels), total], logits.shape);
    },
  };
}

/**
 * MoCo v2 with gaze positives in the queue (mcgip section 8). `masked` is minus a large number where a slot takes no
 * part, else 0.
 */
export function mocoLoss(
  g: GraphBuilder,
  q: Tensor,
  shape: {
    readonly temperature: number;
    readonly queueLength: number;
    readonly batchImages: number;
    readonly length: number;
  },
): void {
  const { temperature, queueLength: k, batchImages: n, length } = shape;
  const keys = g.input('keys', [n, length]);
  const queue = g.input('queue', [k, length]);
  const positives = g.input('positives', [n, k]);
  const masked = g.input('masked', [n, k]);
  const { unit, backward } = normalise(g, q);
  const own = g.sum(g.mul(unit, keys), [1], true);
  const others = g.add(g.matmul(unit, g.transpose(queue, [1, 0])), masked);
  const logits = g.scale(g.concat([own, others], 1), 1 / temperature);
  const ones = g.op('Expand', [g.number(1), g.integers([n, 1])], [n, 1]);
  const { loss, gradient } = softmaxLoss(g, logits, g.concat([ones, positives], 1));
  g.output('loss', loss);
  g.output('embeddings', unit);
  g.onBackward(() => {
    const dScaled = g.scale(gradient(), 1 / temperature);
    const dOwn = g.slice(dScaled, [1], [0], [1], [1]);
    const dOthers = g.slice(dScaled, [1], [1], [k + 1], [1]);
    const fromKeys = g.op('Mul', [keys, dOwn], [n, length]);
    g.addGradient(q, backward(g.add(fromKeys, g.matmul(dOthers, queue))));
  });
}

/**
 * Latent prediction, one order of the views: h = -(1 / sum L) sum L_ij P_i . T_j (mcgip section 8), times `factor`; no
 * gradient through T. The gradient with respect to the prediction is registered at once.
 */
function latentLoss(
  g: GraphBuilder,
  prediction: Tensor,
  target: Tensor,
  labels: { readonly positives: Tensor; readonly total: Tensor },
  factor: number,
): Tensor {
  const { unit, backward } = normalise(g, prediction);
  const pulled = g.matmul(labels.positives, target);
  const agreement = g.sum(g.mul(unit, pulled), [0, 1], false);
  g.onBackward(() => {
    const dUnit = g.op('Div', [g.scale(pulled, -factor), labels.total], pulled.shape);
    g.addGradient(prediction, backward(dUnit));
  });
  return g.div(g.scale(agreement, -factor), labels.total);
}

function latentLabels(
  g: GraphBuilder,
  n: number,
): readonly [
  { readonly positives: Tensor; readonly total: Tensor },
  { readonly positives: Tensor; readonly total: Tensor },
] {
  const positives = g.input('positives', [n, n]);
  const total = g.sum(positives, [0, 1], false);
  return [
    { positives, total },
    { positives: g.transpose(positives, [1, 0]), total },
  ];
}

type Branch = { readonly target: Tensor; readonly prediction: Tensor };

/** SimSiam: 0.5 (h(1, 2) + h(2, 1)); the projections are also targets, but no gradient flows through targets. */
export function simsiamLoss(g: GraphBuilder, one: Branch, two: Branch, n: number): void {
  const [forth, back] = latentLabels(g, n);
  const [unit1, unit2] = [normalise(g, one.target).unit, normalise(g, two.target).unit];
  const half1 = latentLoss(g, one.prediction, unit2, forth, 0.5);
  g.output('loss', g.add(half1, latentLoss(g, two.prediction, unit1, back, 0.5)));
  g.output('embeddings', unit1);
}

/** BYOL: 2 (h(online 1, target 2) + h(online 2, target 1)), -4 to 4. */
export function byolLoss(
  g: GraphBuilder,
  predictions: { readonly one: Tensor; readonly two: Tensor; readonly projection: Tensor },
  n: number,
  length: number,
): void {
  const [forth, back] = latentLabels(g, n);
  const target1 = g.input('target1', [n, length]);
  const target2 = g.input('target2', [n, length]);
  const first = latentLoss(g, predictions.one, target2, forth, 2);
  g.output('loss', g.add(first, latentLoss(g, predictions.two, target1, back, 2)));
  g.output('embeddings', normalise(g, predictions.projection).unit);
}

/** SimCLR over all views but the row's own; `positives` `[2 n, 2 n]`, view 1 above view 2. */
export function simclrLoss(
  g: GraphBuilder,
  one: Tensor,
  two: Tensor,
  shape: { readonly temperature: number; readonly batchImages: number },
): void {
  const { temperature, batchImages: n } = shape;
  const positives = g.input('positives', [2 * n, 2 * n]);
  const views = [normalise(g, one), normalise(g, two)];
  const both = g.concat(
    views.map(({ unit }) => unit),
    0,
  );
  const own = g.number(-1e4);
  const eye = g.op('EyeLike', [positives], [2 * n, 2 * n]);
  const scores = g.scale(g.matmul(both, g.transpose(both, [1, 0])), 1 / temperature);
  const logits = g.add(scores, g.op('Mul', [eye, own], [2 * n, 2 * n]));
  const { loss, gradient } = softmaxLoss(g, logits, positives);
  g.output('loss', loss);
  g.output('embeddings', views[0]?.unit ?? both);
  g.onBackward(() => {
    // The diagonal has probability 0 and no label: its gradient is 0 by itself.
    const dScores = gradient();
    const sides = g.add(dScores, g.transpose(dScores, [1, 0]));
    const dBoth = g.scale(g.matmul(sides, both), 1 / temperature);
    for (const [v, input] of [one, two].entries()) {
      const part = g.slice(dBoth, [0], [v * n], [(v + 1) * n], [1]);
      const backward = views[v]?.backward;
      if (backward !== undefined) g.addGradient(input, backward(part));
    }
  });
}

/** Cross-entropy of the logits `[n, classes]` against `targets`, mean over the batch. */
export function classLoss(g: GraphBuilder, logits: Tensor, n: number, classes: number): void {
  const targets = g.input('targets', [n, classes]);
  const { loss, gradient } = softmaxLoss(g, logits, targets);
  g.output('loss', loss);
  g.output('embeddings', g.op('Identity', [logits], logits.shape));
  g.onBackward(() => g.addGradient(logits, gradient()));
}
