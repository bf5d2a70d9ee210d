import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ParameterDescription } from '../backend.ts';
import { type GraphBuilder, sizeOf } from './graph-builder.ts';

/** Execution providers of ONNX Runtime that can run a plain graph. */
export type OnnxProvider = 'cpu' | 'webgpu' | 'cuda';

type SessionOptions = {
  /** The processor where absent. */
  readonly provider?: OnnxProvider;
  /** False: the graph stays as it is. */
  readonly optimise?: boolean;
  /** Failures are expected and not logged. */
  readonly quiet?: boolean;
};

/** Compiles a model. `threads`: of one operator. */
export function openSession(
  model: Uint8Array,
  threads: number,
  { provider = 'cpu', optimise = true, quiet = false }: SessionOptions = {},
): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: optimise ? 'all' : 'disabled',
    // A plan of the memory is laid beside the arena that the first run has filled: half as much again, no faster.
    enableMemPattern: false,
    enableCpuMemArena: true,
    logSeverityLevel: quiet ? 4 : 3,
    // Waiting threads must not burn the cores that the reader needs.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

/** A plain array as ONNX Runtime's tensor, without a copy. */
export const wrapArray = (values: Float32Array, shape: readonly number[]): Tensor =>
  new Tensor('float32', values, [...shape]);

/** Arrays for every output, reused by each run. */
export function prepareOutputs(builder: GraphBuilder): {
  readonly arrays: ReadonlyMap<string, Float32Array>;
  readonly fetches: Record<string, Tensor>;
} {
  const arrays = new Map<string, Float32Array>();
  const fetches: Record<string, Tensor> = {};
  for (const [name, shape] of builder.outputs) {
    const values = new Float32Array(sizeOf(shape));
    arrays.set(name, values);
    fetches[name] = wrapArray(values, shape);
  }
  return { arrays, fetches };
}

/** Weights as inputs of a graph. Throws where one is missing or of another size. */
export function weightFeeds(
  parameters: readonly ParameterDescription[],
  weights: ReadonlyMap<string, Float32Array>,
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const { name, shape } of parameters) {
    const values = weights.get(name);
    if (values?.length !== sizeOf(shape))
      throw new Error(`The weight ${name} must have ${sizeOf(shape)} values.`);
    feeds[name] = wrapArray(values, shape);
  }
  return feeds;
}
