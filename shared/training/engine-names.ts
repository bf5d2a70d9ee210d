/**
 * Engines that can do a training step, by the library and what it computes on. `onnx-plain` works wherever
 * ONNX Runtime has a binary and is what the others are compared with; `tensorflow-node` is libtensorflow, where a site has it.
 */
export const engineNames = [
  'onnx-cuda',
  'onnx-webgpu',
  'tensorflow-node',
  'tensorflow-webgpu',
  'onnx-blocked',
  'onnx-plain',
  'tensorflow-cpu',
] as const;
export type EngineName = (typeof engineNames)[number];

/** Those that need no graphics card. */
export const processorEngines: readonly EngineName[] = [
  'onnx-blocked',
  'onnx-plain',
  'tensorflow-cpu',
];

/** What a run may ask for: the fastest that passes its check, or one by name. */
export const engineChoices = ['automatic', ...engineNames] as const;
export type EngineChoiceName = (typeof engineChoices)[number];
