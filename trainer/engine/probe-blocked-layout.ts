import { toBlocked, toPlain } from './blocked-operators.ts';
import { convolve, type ConvolutionShape } from './convolution.ts';
import { GraphBuilder, sizeOf, type Tensor } from './graph-builder.ts';
import { globalAveragePool, normFeatures } from './layers.ts';
import { maxPool } from './max-pool.ts';
import { openSession, runSession, wrapArray } from './onnx-session.ts';

/** The block size that the blocked operators were found right with, or why they must not be used here. */
export type BlockedLayoutVerdict = { readonly block: number } | { readonly refused: string };

/** Largest relative L2 deviation of a blocked layer or its gradients from the standard operators. */
const tolerance = 1e-5;
const knownBlocks = [4, 8, 16] as const;

/** One layer, with the shape of its input; `weight` is the name that its weights begin with. */
type Check = {
  readonly name: string;
  readonly input: readonly number[];
  readonly layer: (g: GraphBuilder, x: Tensor, weight: string) => Tensor;
  /** The input is the plain image batch and needs no gradient. */
  readonly isStem?: boolean;
};

const images = 2;

function convolution(shape: ConvolutionShape, channels: number, side: number): Check {
  const { kernel, stride } = shape;
  return {
    name: `convolution ${kernel} x ${kernel}, stride ${stride}, side ${side}`,
    input: [images, channels, side, side],
    layer: (g, x, weight) => convolve(g, x, weight, shape),
  };
}

function listChecks(block: number): readonly Check[] {
  const [channels, out] = [2 * block, 3 * block];
  const input = [images, channels, 8, 8];
  return [
    convolution({ out, kernel: 3, stride: 1, padding: 1 }, channels, 8),
    convolution({ out, kernel: 3, stride: 1, padding: 1 }, channels, 28),
    convolution({ out, kernel: 3, stride: 2, padding: 1 }, channels, 8),
    convolution({ out, kernel: 1, stride: 1, padding: 0 }, channels, 8),
    convolution({ out, kernel: 1, stride: 1, padding: 0 }, channels, 28),
    convolution({ out, kernel: 1, stride: 2, padding: 0 }, channels, 8),
    {
      name: 'stem convolution',
      input: [images, 3, 16, 16],
      layer: (g, x, weight) =>
        convolve(g, x, weight, { out: channels, kernel: 7, stride: 2, padding: 3 }, false),
      isStem: true,
    },
    { name: 'batch norm', input, layer: (g, x, weight) => normFeatures(g, x, weight, []) },
    {
      name: 'batch norm with residual and ReLU',
      input,
      layer: (g, x, weight) => normFeatures(g, x, weight, [], { shortcut: x, rectify: true }),
    },
    {
      name: 'batch norm of a large map',
      input: [images, channels, 28, 28],
      layer: (g, x, weight) => normFeatures(g, x, weight, []),
    },
    { name: 'max pooling', input, layer: maxPool },
    { name: 'average pooling', input, layer: globalAveragePool },
  ];
}

/** Numbers without pattern in [-offset, 1 - offset), the same everywhere. */
function valuesOf(shape: readonly number[], seed: number, offset: number): Float32Array {
  return new Float32Array(sizeOf(shape)).map((_, i) => {
    let bits = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
    bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
    return ((bits ^ (bits >>> 15)) >>> 8) / 2 ** 24 - offset;
  });
}

type Feed = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
};

/**
 * Adds a layer, its result and the gradients of its input and weights, in plain layout, to a graph; answers what must be
 * fed. All names begin with `prefix`.
 */
function addCheck(
  g: GraphBuilder,
  { input, layer, isStem = false }: Check,
  prefix: string,
): readonly Feed[] {
  const isBlocked = g.block > 1;
  const before = new Set(g.parameters.map(({ name }) => name));
  const plain = isStem ? g.input(`${prefix}x`, input) : g.parameter(`${prefix}x`, input);
  const x = isBlocked && !isStem ? toBlocked(g, plain) : plain;
  const isMap = ({ shape }: Tensor): boolean => isBlocked && shape.length === 4;
  if (isBlocked && !isStem) g.onBackward(() => g.addGradient(plain, toPlain(g, g.gradientOf(x))));
  const y = layer(g, x, `${prefix}weight`);
  const d = g.input(`${prefix}d`, y.shape);
  g.output(`${prefix}y`, isMap(y) ? toPlain(g, y) : y);
  g.addGradient(y, isMap(y) ? toBlocked(g, d) : d);
  const shapes = new Map([[`${prefix}x`, input]]);
  for (const { name, shape } of g.parameters) if (!before.has(name)) shapes.set(name, shape);
  shapes.set(`${prefix}d`, y.shape);
  return [...shapes].map(([name, shape], k) => ({
    name,
    shape,
    values: valuesOf(shape, k + 1, name === `${prefix}x` ? 0 : 0.5),
  }));
}

const prefixOf = (k: number): string => `${k}.`;

/** Results and gradients of all layers in one graph: opening a session takes longer than all their numbers. */
async function runLayers(
  checks: readonly Check[],
  block: number,
): Promise<ReadonlyMap<string, Float32Array>> {
  const g = new GraphBuilder(block);
  const feeds = checks.flatMap((check, k) => addCheck(g, check, prefixOf(k)));
  g.backward();
  const session = await openSession(g.build(), 1, { quiet: true, optimise: 'training' });
  try {
    const inputs = feeds.map(
      ({ name, shape, values }) => [name, wrapArray(values, shape)] as const,
    );
    return await runSession(session, Object.fromEntries(inputs));
  } finally {
    await session.release();
  }
}

/** Relative L2 deviation; infinite where one is missing or not finite. */
function deviation(found: Float32Array | undefined, expected: Float32Array): number {
  if (found?.length !== expected.length) return Infinity;
  let [squares, scale] = [0, 0];
  for (let i = 0; i < expected.length; i += 1) {
    const value = expected[i] ?? 0;
    squares += (value - (found[i] ?? 0)) ** 2;
    scale += value * value;
  }
  const relative = Math.sqrt(squares / Math.max(scale, 1e-30));
  return Number.isFinite(relative) ? relative : Infinity;
}

/** Channels in a block, read from where channel 0 of the second pixel lands when 128 channels are reordered. */
async function readBlockSize(): Promise<number> {
  const g = new GraphBuilder();
  const shape = [1, 128, 1, 2];
  g.output('y', toBlocked(g, g.input('x', shape)));
  const session = await openSession(g.build(), 1, { quiet: true });
  try {
    const x = wrapArray(
      Float32Array.from({ length: 256 }, (_, i) => i),
      shape,
    );
    const { data } = (await session.run({ x }))['y'] ?? {};
    return data instanceof Float32Array ? data.indexOf(1) : -1;
  } finally {
    await session.release();
  }
}

/**
 * Why a graph of this block size must not be used: the first layer whose result or gradients differ from the
 * standard operators'; undefined where all agree. A wrong block size is not always an error, so each is compared.
 */
export async function checkBlockedLayers(block: number): Promise<string | undefined> {
  const checks = listChecks(block);
  const expected = await runLayers(checks, 1);
  let found: ReadonlyMap<string, Float32Array>;
  try {
    found = await runLayers(checks, block);
  } catch (error) {
    return `a layer cannot be computed: ${error instanceof Error ? error.message : String(error)}`;
  }
  for (const [k, check] of checks.entries())
    for (const [name, values] of expected) {
      if (!name.startsWith(prefixOf(k)) && !name.startsWith(`d_${prefixOf(k)}`)) continue;
      const off = deviation(found.get(name), values);
      if (off > tolerance)
        return `${check.name}: ${name.replace(prefixOf(k), '')} is ${off.toExponential(1)} off the standard operators`;
    }
  return undefined;
}

/** Probes ONNX Runtime's blocked operators on this processor: block size, then every layer and its gradients. */
export async function probeBlockedLayout(): Promise<BlockedLayoutVerdict> {
  let block: number;
  try {
    block = await readBlockSize();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { refused: `the blocked operators do not run here: ${reason}` };
  }
  if (!knownBlocks.some((known) => known === block))
    return { refused: `blocks of ${block} channels are not known` };
  const fault = await checkBlockedLayers(block);
  return fault === undefined ? { block } : { refused: fault };
}
