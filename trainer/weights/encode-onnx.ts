import type { NamedTensor } from '../safetensors.ts';
import { InferenceGraph } from './inference-graph.ts';
import { appendResnet } from './resnet-graph.ts';
import { appendVit } from './vit-graph.ts';

/**
 * An encoder as an ONNX model (opset 17): input `images`, output `features`, weights as constants by their
 * names in torchvision or timm, batch norm with its running statistics, any batch size. The family is told
 * by the tensors' names; of a transformer the metadata must tell `heads`.
 */
export function encodeOnnx(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const graph = new InferenceGraph(tensors);
  if (graph.has('patch_embed.proj.weight')) {
    const heads = Number(metadata['heads']);
    if (!Number.isInteger(heads) || heads < 1)
      throw new Error('The encoder does not say how many attention heads it has.');
    appendVit(graph, heads);
  } else appendResnet(graph);
  return graph.build(metadata);
}
