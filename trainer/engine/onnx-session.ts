import { InferenceSession, Tensor } from 'onnxruntime-node';

/** Compiles a model for the CPU. `threads`: of one operator. `quiet`: failures are expected and not logged. */
export function openSession(
  model: Uint8Array,
  threads: number,
  quiet = false,
): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableMemPattern: true,
    enableCpuMemArena: true,
    logSeverityLevel: quiet ? 4 : 3,
    // Waiting threads must not burn the cores that the reader needs.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

/** A plain array as ONNX Runtime's tensor, without a copy. */
export const wrapArray = (values: Float32Array, shape: readonly number[]): Tensor =>
  new Tensor('float32', values, [...shape]);
