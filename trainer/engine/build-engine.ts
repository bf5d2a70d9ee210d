import { StationError } from '../../shared/station-error.ts';
import type { EngineName } from '../../shared/training/engine-names.ts';
import type { CompiledStep, EngineDescription, ThreadedStep, TrainEngine } from '../backend.ts';
import type { BlockedLayoutVerdict } from './probe-blocked-layout.ts';

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** The probe of the blocked layout, once in a process. */
let probing: Promise<BlockedLayoutVerdict> | undefined;

const probe = async (): Promise<BlockedLayoutVerdict> =>
  (await import('./probe-blocked-layout.ts')).probeBlockedLayout();

/** A library is loaded when its engine is asked for: some machines have no binary of it. */
async function compile(name: EngineName, step: ThreadedStep): Promise<CompiledStep> {
  switch (name) {
    case 'onnx-plain':
    case 'onnx-webgpu':
    case 'onnx-cuda': {
      const { compileOnnxStep } = await import('./onnx-engine.ts');
      const providers = {
        'onnx-plain': 'cpu',
        'onnx-webgpu': 'webgpu',
        'onnx-cuda': 'cuda',
      } as const;
      return compileOnnxStep(step, { provider: providers[name] });
    }
    case 'onnx-blocked': {
      const found = await (probing ??= probe());
      if ('refused' in found)
        throw new StationError('engine-unavailable', { reason: found.refused });
      const { compileOnnxStep } = await import('./onnx-engine.ts');
      return compileOnnxStep(step, { block: found.block });
    }
    case 'tensorflow-cpu':
    case 'tensorflow-webgpu':
    case 'tensorflow-node': {
      const { buildTensorflowEngine } = await import('./tensorflow/tensorflow-engine.ts');
      return {
        begin: (state) => buildTensorflowEngine({ ...step, ...state }, name),
        close: () => Promise.resolve(),
      };
    }
    default:
      return name satisfies never;
  }
}

/** Failures of a library as ones of the engine. */
async function worded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StationError) throw error;
    throw new StationError('engine-unavailable', { reason: messageOf(error) }, { cause: error });
  }
}

/** Compiles a step for an engine by its name. Throws StationError engine-unavailable with the reason. */
export const compileStep = (name: EngineName, step: ThreadedStep): Promise<CompiledStep> =>
  worded(() => compile(name, step));

/** Builds an engine by its name. Throws StationError engine-unavailable with the reason. */
export const buildEngine = (
  name: EngineName,
  description: EngineDescription,
): Promise<TrainEngine> =>
  worded(async () => (await compile(name, description)).begin(description));
