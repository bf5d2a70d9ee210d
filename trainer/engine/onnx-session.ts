import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ParameterDescription } from '../backend.ts';
import { sizeOf } from './graph-builder.ts';
import { needlessPasses } from './onnx-passes.ts';

/** Execution providers of ONNX Runtime that can run a plain graph. */
export type OnnxProvider = 'cpu' | 'webgpu' | 'cuda';

type SessionOptions = {
  /** The processor where absent. */
  readonly provider?: OnnxProvider;
  /** False: the graph stays as it is. `training`: as far as a training graph needs it (the processor alone). */
  readonly optimise?: boolean | 'training';
  /** Failures are expected and not logged. */
  readonly quiet?: boolean;
};

/** How a model is compiled. `threads`: of one operator. */
export function sessionOptions(
  threads: number,
  { provider = 'cpu', optimise = true, quiet = false }: SessionOptions = {},
): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: optimise === false ? 'disabled' : 'all',
    // A plan of the memory is laid beside the arena that the first run has filled: half as much again, no faster.
    enableMemPattern: false,
    enableCpuMemArena: true,
    logSeverityLevel: quiet ? 4 : 3,
    extra: {
      // Waiting threads must not burn the cores that the reader needs.
      session: { intra_op: { allow_spinning: '0' } },
      ...(optimise === 'training' && {
        optimization: { disable_specified_optimizers: needlessPasses.join(';') },
      }),
    },
  };
}

/** Compiles a model. `threads`: of one operator. */
export const openSession = (
  model: Uint8Array,
  threads: number,
  options?: SessionOptions,
): Promise<InferenceSession> => InferenceSession.create(model, sessionOptions(threads, options));

/** A plain array as ONNX Runtime's tensor, without a copy. */
export const wrapArray = (values: Float32Array, shape: readonly number[]): Tensor =>
  new Tensor('float32', values, [...shape]);

/**
 * Runs a session; its outputs by name, of which the caller may give the memory back (`giveBack`). None is prepared
 * for it: ONNX Runtime's binding copies every output into a new array anyway, and those that it makes itself lie
 * where feature maps lay before.
 */
export async function runSession(
  session: InferenceSession,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>> {
  const outputs = new Map<string, Float32Array<ArrayBuffer>>();
  for (const [name, { data }] of Object.entries(await session.run(feeds)))
    if (data instanceof Float32Array) outputs.set(name, data as Float32Array<ArrayBuffer>);
  return outputs;
}

/** Frees arrays at once, which are then empty: the collector would let those of several steps come together. */
export function giveBack(arrays: Iterable<Float32Array<ArrayBuffer>>): void {
  for (const { buffer } of arrays) buffer.transfer(0);
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
