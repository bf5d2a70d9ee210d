import type { Random } from '../../shared/random.ts';
import type { GraphBuilder, Tensor } from '../engine/graph-builder.ts';
import { addResidual, linear } from '../engine/layers.ts';
import { attention, embedPatches, gelu, layerNorm } from '../engine/transformer-layers.ts';

/** A vision transformer (Dosovitskiy et al. 2021), named and shaped as timm's `VisionTransformer`. */
export type VitDescription = {
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Width of the hidden layer over `width`. */
  readonly expansion: number;
};

/** `vit-s` is timm's `vit_small_patch16_224`. */
export const vits = {
  'vit-s': { width: 384, depth: 12, heads: 6, patch: 16, expansion: 4 },
  /** For tests alone: no run can ask for it. */
  'vit-tiny-test': { width: 24, depth: 2, heads: 3, patch: 16, expansion: 2 },
} as const satisfies Record<string, VitDescription>;
export type VitName = keyof typeof vits;

/** Class token, patches and positions together: rows `[N * T, width]`. */
function addTokens(g: GraphBuilder, patches: Tensor, images: number, width: number): Tensor {
  const count = (patches.shape[0] ?? 0) / images;
  const tokens = count + 1;
  const token = g.parameter('cls_token', [1, 1, width]);
  const positions = g.parameter('pos_embed', [1, tokens, width]);
  const shape = [images, 1, width];
  const repeated = g.op('Expand', [token, g.integers(shape)], shape);
  const joined = g.concat([repeated, g.reshape(patches, [images, count, width])], 1);
  const y = g.reshape(g.add(joined, positions), [images * tokens, width]);
  g.onBackward(() => {
    const dy = g.reshape(g.gradientOf(y), [images, tokens, width]);
    const dPositions = g.sum(dy, [0], true);
    g.addGradient(positions, dPositions);
    g.addGradient(token, g.slice(dPositions, [1], [0], [1], [1]));
    g.addGradient(patches, g.reshape(g.slice(dy, [1], [1], [tokens], [1]), patches.shape));
  });
  return y;
}

/** The class token of every image: rows `[N * T, width]` -> `[N, width]`. */
function takeToken(g: GraphBuilder, x: Tensor, images: number): Tensor {
  const [rows = 0, width = 0] = x.shape;
  const tokens = rows / images;
  const apart = g.reshape(x, [images, tokens, width]);
  const y = g.reshape(g.slice(apart, [1], [0], [1], [1]), [images, width]);
  g.onBackward(() => {
    const dy = g.reshape(g.gradientOf(y), [images, 1, width]);
    g.addGradient(x, g.reshape(g.pad(dy, [0, 0, 0], [0, tokens - 1, 0]), x.shape));
  });
  return y;
}

/**
 * Images `[N, 3, height, width]` (multiples of the patch's side) -> the normed class token `[N, width]`, timm's
 * default pooling. There is no dropout and no batch norm: training and inference are the same graph.
 */
export function encodeVit(
  g: GraphBuilder,
  images: Tensor,
  name: VitName,
  mostBlocks = Infinity,
): Tensor {
  const { width, depth, heads, patch, expansion } = vits[name];
  const [n = 0] = images.shape;
  const patches = embedPatches(g, images, 'patch_embed.proj', width, patch);
  let x = addTokens(g, patches, n, width);
  const shape = { images: n, tokens: (x.shape[0] ?? 0) / n, heads };
  for (let k = 0; k < Math.min(depth, mostBlocks); k += 1) {
    const block = `blocks.${k}`;
    const attended = attention(g, layerNorm(g, x, `${block}.norm1`), `${block}.attn`, shape);
    x = addResidual(g, attended, x);
    const wide = linear(
      g,
      layerNorm(g, x, `${block}.norm2`),
      `${block}.mlp.fc1`,
      expansion * width,
      true,
    );
    x = addResidual(g, linear(g, gelu(g, wide), `${block}.mlp.fc2`, width, true), x);
  }
  // Layer norm works row by row, so the other tokens' is not needed.
  return layerNorm(g, takeToken(g, x, n), 'norm');
}

const vitName = /^(?:patch_embed\.proj|cls_token|pos_embed|blocks\.\d+|norm)\b/u;

/**
 * Seeded initial values of a transformer's weight, or undefined where the name is none of its: normal with
 * deviation 0.02 (timm cuts it at +-2, a hundred deviations away), the class token 1e-6, biases 0, layer norm 1.
 */
export function initialVitWeight(
  name: string,
  length: number,
  random: Random,
): Float32Array<ArrayBuffer> | undefined {
  if (!vitName.test(name)) return undefined;
  if (/(?:^|\.)norm\d?\.weight$/u.test(name)) return new Float32Array(length).fill(1);
  if (name.endsWith('.bias')) return new Float32Array(length);
  const deviation = name === 'cls_token' ? 1e-6 : 0.02;
  return new Float32Array(length).map(() => deviation * random.normal());
}
