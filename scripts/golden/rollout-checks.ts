import { alikeAbove } from '../../trainer/losses/gaze-relation.ts';
import { transpose, matrixOf } from '../../trainer/losses/matrix.ts';
import type { MemoryQueue } from '../../trainer/methods/memory-queue.ts';
import { createAdamw, createLars, createSgd, type Optimizer } from '../../trainer/optimizers.ts';
import {
  createReferenceByol,
  createReferenceSimsiam,
} from '../../trainer/reference/latent-methods.ts';
import type { ReferenceMethod } from '../../trainer/reference/method.ts';
import { createReferenceMoco } from '../../trainer/reference/moco.ts';
import { exact, type GoldenFolder, type GoldenResult, Tally } from './golden-folder.ts';
import { matrixFrom, relationFrom, type RowList } from './golden-matrix.ts';
import { arraysFrom, layersFrom, type StateEntries } from './golden-network.ts';

const file = 'rollouts.json';

type OptimizerEntry = {
  readonly lr: number;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
  readonly momentum?: number;
  readonly weight_decay: number;
  readonly eta?: number;
  /** There: biases and batch norm neither decay nor have a rate of their own. */
  readonly exclude?: string;
};

/** A training of the published code: what went in, what each step gave, and the state after the last one. */
export type Rollout = {
  readonly kind: string;
  readonly optimizer: string;
  readonly threshold: number;
  readonly relation: RowList;
  readonly momentum?: number;
  readonly temperature?: number;
  readonly opt: OptimizerEntry;
  readonly initial: StateEntries;
  readonly final: StateEntries;
  readonly steps: readonly {
    readonly idx: readonly number[];
    readonly view1: RowList;
    readonly view2: RowList;
    readonly labels: RowList;
    readonly loss: number;
    readonly momentum?: number;
  }[];
};

/** What a roll-out must say; throws where it does not. */
export function given<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`A roll-out in ${file} does not say its ${name}.`);
  return value;
}

function optimizerOf({ optimizer, opt, initial }: Rollout): Optimizer<Float64Array> {
  const weightDecay = opt.weight_decay;
  if (optimizer === 'adamw')
    return createAdamw({
      betas: given(opt.betas, 'betas'),
      epsilon: given(opt.eps, 'eps'),
      weightDecay,
    });
  const momentum = given(opt.momentum, 'momentum');
  if (optimizer === 'sgd') return createSgd({ momentum, weightDecay });
  if (optimizer !== 'lars') throw new Error(`${file} names an unknown optimiser: ${optimizer}.`);
  return createLars({
    momentum,
    weightDecay,
    eta: given(opt.eta, 'eta'),
    epsilon: given(opt.eps, 'eps'),
    isExcluded: (name) => opt.exclude !== undefined && !Array.isArray(initial[name]?.[0]),
  });
}

/** The file does not say the temperature; all roll-outs have MoCo's of every configuration. */
export const rolloutTemperature = 0.2;

function queueOf(
  arrays: Map<string, Float64Array>,
  { initial }: Rollout,
): MemoryQueue<Float64Array> {
  const imageIds = [...given(arrays.get('queue_idx'), 'queue_idx')];
  const keys = given(arrays.get('queue'), 'queue');
  // The file has a key in each column.
  const dimension = given(initial['queue'], 'queue').length;
  return {
    keys: transpose(matrixOf(dimension, imageIds.length, keys)).values,
    imageIds,
    place: given(arrays.get('queue_ptr'), 'queue_ptr'),
  };
}

/** The method over the arrays, and how its state is named where the file repeats it. */
type Built = {
  readonly method: ReferenceMethod;
  readonly encoder: string;
  readonly queue?: MemoryQueue<Float64Array>;
};

function build(rollout: Rollout, arrays: Map<string, Float64Array>): Built {
  const layers = (prefix: string): ReturnType<typeof layersFrom> =>
    layersFrom(rollout.initial, prefix);
  const shared = { arrays, predictor: layers('head.predictor.'), asPublished: true } as const;
  switch (rollout.kind) {
    case 'moco': {
      const queue = queueOf(arrays, rollout);
      const method = createReferenceMoco({
        arrays,
        query: layers('encoder_q.'),
        key: layers('encoder_k.'),
        queue,
        keyMomentum: given(rollout.momentum, 'momentum'),
        temperature: rollout.temperature ?? rolloutTemperature,
        policy: { asPublished: true },
      });
      return { method, encoder: 'encoder_q', queue };
    }
    case 'byol': {
      const [online, target] = [layers('online_net.'), layers('target_net.')];
      return { method: createReferenceByol({ ...shared, online, target }), encoder: 'online_net' };
    }
    case 'simsiam':
      return {
        method: createReferenceSimsiam({ ...shared, encoder: layers('encoder.') }),
        encoder: 'encoder',
      };
    default:
      throw new Error(`${file} names an unknown method: ${rollout.kind}.`);
  }
}

/** The array of a name in the file; `backbone` and `neck` repeat the encoder's two parts. */
function finalArray(
  name: string,
  arrays: ReadonlyMap<string, Float64Array>,
  { encoder, queue }: Built,
): ArrayLike<number> {
  if (queue !== undefined && name === 'queue')
    return transpose(
      matrixOf(queue.imageIds.length, queue.keys.length / queue.imageIds.length, queue.keys),
    ).values;
  if (queue !== undefined && name === 'queue_idx') return queue.imageIds;
  const repeated = name
    .replace(/^backbone\./u, `${encoder}.0.`)
    .replace(/^neck\./u, `${encoder}.1.`);
  return arrays.get(repeated) ?? [];
}

type Tallies = { readonly losses: Tally; readonly states: Tally };

/** What a roll-out gives in double precision: of every step, and of each array of `final` after the last one. */
export type Replayed = {
  readonly steps: readonly { readonly labels: ArrayLike<number>; readonly loss: number }[];
  readonly final: ReadonlyMap<string, ArrayLike<number>>;
};

/** Trains as the roll-out says, from its first state and over its batches. */
export function replay(rollout: Rollout): Replayed {
  const arrays = arraysFrom(rollout.initial);
  const built = build(rollout, arrays);
  const { method } = built;
  const optimizer = optimizerOf(rollout);
  const relation = relationFrom(rollout.relation);
  const alike = alikeAbove(relation, rollout.threshold, relation);
  const steps = rollout.steps.map((step) => {
    const { labels, loss, gradients } = method.step(
      { imageIds: step.idx, view1: matrixFrom(step.view1), view2: matrixFrom(step.view2) },
      alike,
    );
    optimizer.step(method.weights, gradients, rollout.opt.lr);
    if (method.kind === 'byol') method.followTarget(given(step.momentum, 'momentum'));
    return { labels, loss };
  });
  const names = Object.keys(rollout.final);
  return { steps, final: new Map(names.map((name) => [name, finalArray(name, arrays, built)])) };
}

function follow(rollout: Rollout, { losses, states }: Tallies, labels: Tally): void {
  const { steps, final } = replay(rollout);
  for (const [i, step] of rollout.steps.entries()) {
    labels.addAll(steps[i]?.labels ?? [], step.labels.flat());
    losses.add(steps[i]?.loss ?? Number.NaN, step.loss);
  }
  for (const [name, values] of Object.entries(rollout.final))
    states.addAll(final.get(name) ?? [], values.flat());
}

/**
 * Worst deviations of losses and states. In BYOL and SimSiam a bias before a batch norm has a gradient of 0, whose
 * rounding AdamW magnifies.
 */
function tolerancesOf({ kind, optimizer }: Rollout): readonly [number, number] {
  if (kind === 'moco') return [1e-10, 1e-10];
  return optimizer === 'adamw' ? [1e-8, 1e-6] : [1e-10, 1e-9];
}

/** The published code's trainings of tiny models. */
export const readRollouts = (golden: GoldenFolder): readonly Rollout[] =>
  (golden.read(file) as { readonly rollouts: readonly Rollout[] }).rollouts;

/** Short trainings of tiny models: labels and loss of every step, and the state after the last one. */
export function checkRollouts(golden: GoldenFolder): GoldenResult[] {
  const rollouts = readRollouts(golden);
  const labels = new Tally();
  const groups = new Map<string, Tallies & { readonly tolerances: readonly [number, number] }>();
  for (const rollout of rollouts) {
    const name = `${rollout.kind} with ${rollout.optimizer}`;
    const group = groups.get(name) ?? {
      losses: new Tally(),
      states: new Tally(),
      tolerances: tolerancesOf(rollout),
    };
    groups.set(name, group);
    follow(rollout, group, labels);
  }
  return [
    labels.result('roll-outs, positive labels', file, exact),
    ...[...groups].flatMap(([name, { losses, states, tolerances }]) => [
      losses.result(`roll-outs, ${name}, losses`, file, tolerances[0]),
      states.result(`roll-outs, ${name}, states`, file, tolerances[1]),
    ]),
  ];
}
