import type { ParameterDescription } from '../backend.ts';
import { adaptStem, resizePositions } from './adapt-weights.ts';
import type { FileTensor } from './weight-file.ts';

/** Tensors for every name that a model wants, and what was changed to fit. */
export type MatchedWeights = {
  readonly values: ReadonlyMap<string, Float32Array>;
  /** Sentences: a stem of other channels, positions of another side. */
  readonly adapted: readonly string[];
};

/** What does not fit, each tensor by its name; empty: everything fits. */
export type Misfits = {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  /** Name with the shape of the file and the one that is wanted. */
  readonly wrong: readonly string[];
};

const prefixes = ['backbone.', 'encoder.'];
/** Classifiers and heads of pre-training, which an encoder does without. */
const heads = /^(?:fc|head|heads|classifier|projector|predictor|fc_norm|head_dist)\./u;
const counters = /\.num_batches_tracked$/u;

const shapeText = (shape: readonly number[]): string => shape.join(' x ');

/**
 * Names without `module.`; where there is a backbone or an encoder inside, only its tensors, without that
 * prefix. Heads and counters are left out. A name that comes twice stays twice, to be refused.
 */
export function encoderTensors(tensors: readonly FileTensor[]): readonly FileTensor[] {
  const plain = tensors.map((tensor) => ({
    ...tensor,
    name: tensor.name.replace(/^(?:module\.)+/u, ''),
  }));
  const prefix = prefixes.find((each) => plain.some(({ name }) => name.startsWith(each)));
  const inner =
    prefix === undefined
      ? plain
      : plain
          .filter(({ name }) => name.startsWith(prefix))
          .map((tensor) => ({ ...tensor, name: tensor.name.slice(prefix.length) }));
  return inner.filter(({ name }) => !heads.test(name) && !counters.test(name));
}

const isStem = (name: string): boolean =>
  name === 'conv1.weight' || name === 'patch_embed.proj.weight';

/** Grids of two positional embeddings of the same width, or undefined where they are none. */
function gridsOf(
  found: readonly number[],
  wanted: readonly number[],
): { readonly from: number; readonly to: number; readonly width: number } | undefined {
  const [one = 0, tokens = 0, width = 0] = found;
  const from = Math.sqrt(tokens - 1);
  const to = Math.sqrt((wanted[1] ?? 0) - 1);
  const fits = found.length === 3 && one === 1 && width === wanted[2];
  return fits && from >= 1 && Number.isInteger(from) && Number.isInteger(to)
    ? { from, to, width }
    : undefined;
}

type Adaptation = {
  readonly sentence: string;
  readonly apply: (values: Float32Array) => Float32Array;
};

/** How a tensor of another shape can be used all the same, or undefined where it cannot. */
function adaptationOf(
  found: FileTensor,
  { name, shape }: ParameterDescription,
): Adaptation | undefined {
  if (name === 'pos_embed') {
    const grids = gridsOf(found.shape, shape);
    if (grids === undefined) return undefined;
    const { from, to, width } = grids;
    return {
      sentence: `${name}: interpolated from ${from} x ${from} to ${to} x ${to} patches`,
      apply: (values) => resizePositions(values, from, to, width),
    };
  }
  const [out = 0, channels = 0, height = 0, across = 0] = shape;
  const from = found.shape[1] ?? 0;
  const sameElse = found.shape.every((size, axis) => axis === 1 || size === shape[axis]);
  if (!isStem(name) || found.shape.length !== 4 || !sameElse) return undefined;
  if (!(from === 1 || (from === 3 && channels === 1))) return undefined;
  return {
    sentence: `${name}: adapted from ${from} to ${channels} channels`,
    apply: (values) => adaptStem(values, out, from, channels, height * across),
  };
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

/** Compares names and shapes alone; nothing is decoded. */
export function findMisfits(
  tensors: readonly FileTensor[],
  wanted: readonly ParameterDescription[],
): Misfits {
  const found = Map.groupBy(tensors, ({ name }) => name);
  const names = new Set(wanted.map(({ name }) => name));
  return {
    missing: wanted.filter(({ name }) => !found.has(name)).map(({ name }) => name),
    extra: tensors.filter(({ name }) => !names.has(name)).map(({ name }) => name),
    wrong: wanted.flatMap((want) => {
      const [tensor, twice] = found.get(want.name) ?? [];
      if (twice !== undefined) return [`${want.name} (twice)`];
      if (tensor === undefined || sameShape(tensor.shape, want.shape)) return [];
      return adaptationOf(tensor, want) === undefined
        ? [`${want.name} (${shapeText(tensor.shape)}, not ${shapeText(want.shape)})`]
        : [];
    }),
  };
}

/** Whether nothing is amiss. */
export const fits = ({ missing, extra, wrong }: Misfits): boolean =>
  missing.length + extra.length + wrong.length === 0;

/** The tensors of a file that fits, decoded and adapted. Throws WeightFileFault. */
export function takeWeights(
  tensors: readonly FileTensor[],
  wanted: readonly ParameterDescription[],
): MatchedWeights {
  const found = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const values = new Map<string, Float32Array>();
  const adapted: string[] = [];
  for (const want of wanted) {
    const tensor = found.get(want.name);
    if (tensor === undefined) throw new Error(`The file has no ${want.name}.`);
    const read = tensor.read();
    if (sameShape(tensor.shape, want.shape)) {
      values.set(want.name, read);
      continue;
    }
    const adaptation = adaptationOf(tensor, want);
    if (adaptation === undefined) throw new Error(`${want.name} has another shape.`);
    values.set(want.name, adaptation.apply(read));
    adapted.push(adaptation.sentence);
  }
  return { values, adapted };
}
