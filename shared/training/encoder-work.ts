import type { EncoderName, ResnetName } from './run-configuration.ts';

/** Multiply-adds of the convolutions for a picture of 32 x 32 pixels (stride 32 in all, so exact for multiples). */
const resnetWork: Readonly<Record<ResnetName, number>> = {
  'resnet-10': 5_136_384,
  'resnet-18': 37_011_456,
  'resnet-26': 47_759_360,
  'resnet-34': 74_760_192,
  'resnet-50': 83_410_944,
  'resnet-101': 159_170_560,
};

/** timm's `vit_small_patch16_224`: patches of 16 x 16, 12 blocks of width 384, hidden layers four times as wide. */
const vit = { patch: 16, width: 384, depth: 12 } as const;

/**
 * Multiply-adds for one picture on its way through an encoder, forward only: convolutions, linear layers and attention
 * products; norms and heads are not counted. Sides in pixels, multiples of 32.
 */
export function countMultiplyAdds(encoder: EncoderName, height: number, width: number): number {
  if (encoder !== 'vit-s') return (resnetWork[encoder] * height * width) / 32 ** 2;
  const { patch, width: w, depth } = vit;
  const patches = (height * width) / patch ** 2;
  const tokens = patches + 1;
  return patches * 3 * patch ** 2 * w + depth * (12 * tokens * w ** 2 + 2 * tokens ** 2 * w);
}
