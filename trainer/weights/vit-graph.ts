import type { InferenceGraph } from './inference-graph.ts';

function layerNorm(g: InferenceGraph, x: string, name: string): string {
  return g.op('LayerNormalization', [x, g.weight(`${name}.weight`), g.weight(`${name}.bias`)], {
    axis: -1,
    epsilon: { float: 1e-6 },
  });
}

function linear(g: InferenceGraph, x: string, name: string): string {
  const turned = g.op('Transpose', [g.weight(`${name}.weight`)], { perm: [1, 0] });
  return g.op('Add', [g.op('MatMul', [x, turned]), g.weight(`${name}.bias`)]);
}

/** Exact GELU: x (1 + erf(x / sqrt 2)) / 2. */
function gelu(g: InferenceGraph, x: string): string {
  const erf = g.op('Erf', [g.op('Mul', [x, g.number(Math.SQRT1_2)])]);
  const half = g.op('Mul', [x, g.number(0.5)]);
  return g.op('Mul', [half, g.op('Add', [erf, g.number(1)])]);
}

function attention(
  g: InferenceGraph,
  x: string,
  name: string,
  { tokens, width, heads }: { tokens: number; width: number; heads: number },
): string {
  const size = width / heads;
  const qkv = g.op('Reshape', [
    linear(g, x, `${name}.qkv`),
    g.integers([0, tokens, 3, heads, size]),
  ]);
  // [3, batch, heads, tokens, size]
  const turned = g.op('Transpose', [qkv], { perm: [2, 0, 3, 1, 4] });
  const part = (k: number): string => {
    const lists = [[k], [k + 1], [0]].map((list) => g.integers(list));
    return g.op('Squeeze', [g.op('Slice', [turned, ...lists]), g.integers([0])]);
  };
  const keys = g.op('Transpose', [part(1)], { perm: [0, 1, 3, 2] });
  const scores = g.op('Mul', [g.op('MatMul', [part(0), keys]), g.number(1 / Math.sqrt(size))]);
  const mixed = g.op('MatMul', [g.op('Softmax', [scores], { axis: -1 }), part(2)]);
  const rows = g.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
  return linear(g, g.op('Reshape', [rows, g.integers([0, tokens, width])]), `${name}.proj`);
}

/**
 * Appends a vision transformer of timm's names, of as many blocks as it has tensors: images
 * `[batch, channels, side, side]` of the side of its positional embedding -> the normed class token
 * `[batch, width]`.
 */
export function appendVit(g: InferenceGraph, heads: number): void {
  const [width = 0, channels = 3, patch = 16] = g.shapeOf('patch_embed.proj.weight');
  const tokens = g.shapeOf('pos_embed')[1] ?? 0;
  const side = Math.round(Math.sqrt(tokens - 1)) * patch;
  const images = g.input('images', ['batch', channels, side, side]);
  const patches = g.op(
    'Conv',
    [images, g.weight('patch_embed.proj.weight'), g.weight('patch_embed.proj.bias')],
    { kernel_shape: [patch, patch], pads: [0, 0, 0, 0], strides: [patch, patch] },
  );
  const rows = g.op('Transpose', [g.op('Reshape', [patches, g.integers([0, width, -1])])], {
    perm: [0, 2, 1],
  });
  const batch = g.op('Shape', [images], { start: 0, end: 1 });
  const oneToken = g.op('Concat', [batch, g.integers([1, width])], { axis: 0 });
  const token = g.op('Expand', [g.weight('cls_token'), oneToken]);
  let x = g.op('Add', [g.op('Concat', [token, rows], { axis: 1 }), g.weight('pos_embed')]);
  for (let k = 0; g.has(`blocks.${k}.norm1.weight`); k += 1) {
    const name = `blocks.${k}`;
    const attended = attention(g, layerNorm(g, x, `${name}.norm1`), `${name}.attn`, {
      tokens,
      width,
      heads,
    });
    x = g.op('Add', [x, attended]);
    const hidden = gelu(g, linear(g, layerNorm(g, x, `${name}.norm2`), `${name}.mlp.fc1`));
    x = g.op('Add', [x, linear(g, hidden, `${name}.mlp.fc2`)]);
  }
  const normed = layerNorm(g, x, 'norm');
  const first = g.op('Slice', [normed, g.integers([0]), g.integers([1]), g.integers([1])]);
  g.output('features', g.op('Squeeze', [first, g.integers([1])]), ['batch', width]);
}
