import { StationError } from '../../shared/station-error.ts';
import type { EngineName } from '../../shared/training/engine-names.ts';
import type { EngineDescription, TrainEngine } from '../backend.ts';
import type { BlockedLayoutVerdict } from './probe-blocked-layout.ts';

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

/** The probe of the blocked layout, once in a process. */
let probing: Promise<BlockedLayoutVerdict> | undefined;

const probe = async (): Promise<BlockedLayoutVerdict> =>
  (await import('./probe-blocked-layout.ts')).probeBlockedLayout();

/** A library is loaded when its engine is asked for: some machines have no binary of it. */
async function build(name: EngineName, description: EngineDescription): Promise<TrainEngine> {
  switch (name) {
    case 'onnx-plain':
    case 'onnx-webgpu':
    case 'onnx-cuda': {
      const { buildOnnxEngine } = await import('./onnx-engine.ts');
      const providers = {
        'onnx-plain': 'cpu',
        'onnx-webgpu': 'webgpu',
        'onnx-cuda': 'cuda',
      } as const;
      return buildOnnxEngine(description, { provider: providers[name] });
    }
    case 'onnx-blocked': {
      const found = await (probing ??= probe());
      if ('refused' in found)
        throw new StationError('engine-unavailable', { reason: found.refused });
      const { buildOnnxEngine } = await import('./onnx-engine.ts');
      return buildOnnxEngine(description, { block: found.block });
    }
    case 'tensorflow-cpu':
    case 'tensorflow-webgpu':
    case 'tensorflow-node': {
      const { buildTensorflowEngine } = await import('./tensorflow/tensorflow-engine.ts');
      return buildTensorflowEngine(description, name);
    }
    default:
      return name satisfies never;
  }
}

/** Builds an engine by its name. Throws StationError engine-unavailable with the reason. */
export async function buildEngine(
  name: EngineName,
  description: EngineDescription,
): Promise<TrainEngine> {
  try {
    return await build(name, description);
  } catch (error) {
    if (error instanceof StationError) throw error;
    throw new StationError('engine-unavailable', { reason: messageOf(error) }, { cause: error });
  }
}
