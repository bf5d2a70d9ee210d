import type { InferenceGraph } from './inference-graph.ts';

function convolve(g: InferenceGraph, x: string, name: string, stride: 1 | 2): string {
  const weight = `${name}.weight`;
  const kernel = g.shapeOf(weight)[2] ?? 1;
  const padding = (kernel - 1) / 2;
  return g.op('Conv', [x, g.weight(weight)], {
    kernel_shape: [kernel, kernel],
    pads: [padding, padding, padding, padding],
    strides: [stride, stride],
  });
}

function batchNorm(g: InferenceGraph, x: string, name: string): string {
  const parts = ['weight', 'bias', 'running_mean', 'running_var'];
  const tensors = parts.map((part) => g.weight(`${name}.${part}`));
  return g.op('BatchNormalization', [x, ...tensors], { epsilon: { float: 1e-5 } });
}

/** A basic block, or a bottleneck where there is a third convolution; its stride is on the 3 x 3 one. */
function block(g: InferenceGraph, x: string, name: string, stride: 1 | 2): string {
  const layers = ['1', '2', '3'].filter((k) => g.has(`${name}.conv${k}.weight`));
  const strided = layers.length === 3 ? '2' : '1';
  let y = x;
  for (const [i, k] of layers.entries()) {
    y = batchNorm(
      g,
      convolve(g, y, `${name}.conv${k}`, k === strided ? stride : 1),
      `${name}.bn${k}`,
    );
    if (i < layers.length - 1) y = g.op('Relu', [y]);
  }
  const shortcut = g.has(`${name}.downsample.0.weight`)
    ? batchNorm(g, convolve(g, x, `${name}.downsample.0`, stride), `${name}.downsample.1`)
    : x;
  return g.op('Relu', [g.op('Add', [y, shortcut])]);
}

/**
 * Appends a residual network of torchvision's names, of as many blocks as it has tensors, with the running
 * statistics: images `[batch, channels, height, width]` -> features `[batch, length]`.
 */
export function appendResnet(g: InferenceGraph): void {
  const channels = g.shapeOf('conv1.weight')[1] ?? 3;
  const images = g.input('images', ['batch', channels, 'height', 'width']);
  const stem = g.op('Relu', [batchNorm(g, convolve(g, images, 'conv1', 2), 'bn1')]);
  let x = g.op('MaxPool', [stem], {
    kernel_shape: [3, 3],
    pads: [1, 1, 1, 1],
    strides: [2, 2],
  });
  let length = 0;
  for (let stage = 1; stage <= 4; stage += 1)
    for (let k = 0; g.has(`layer${stage}.${k}.conv1.weight`); k += 1) {
      const name = `layer${stage}.${k}`;
      x = block(g, x, name, stage > 1 && k === 0 ? 2 : 1);
      length = g.shapeOf(`${name}.conv${g.has(`${name}.conv3.weight`) ? 3 : 2}.weight`)[0] ?? 0;
    }
  const pooled = g.op('GlobalAveragePool', [x]);
  g.output('features', g.op('Flatten', [pooled], { axis: 1 }), ['batch', length]);
}
