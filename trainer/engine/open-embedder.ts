import type { Embedder, EmbedderDescription } from '../backend.ts';
import { findNodePackages } from './tensorflow/node-package.ts';

/**
 * An encoder for use: by ONNX Runtime or, where this machine has no binary of it, by TensorFlow.js (on a site's
 * libtensorflow where it has one), so that what such a machine has trained is judged too. Throws where a tensor is missing
 * or of another size; StationError engine-unavailable for a vision transformer without ONNX Runtime.
 */
export async function openEmbedder(description: EmbedderDescription): Promise<Embedder> {
  const onnx = await import('./onnx-embedder.ts').catch(() => undefined);
  if (onnx !== undefined) return onnx.buildEmbedder(description);
  const { buildTensorflowEmbedder } = await import('./tensorflow/tensorflow-engine.ts');
  const open = (backend: 'tensorflow-node' | 'tensorflow-cpu'): Promise<Embedder> =>
    buildTensorflowEmbedder(description, backend);
  return findNodePackages().length > 0
    ? open('tensorflow-node').catch(() => open('tensorflow-cpu'))
    : open('tensorflow-cpu');
}
