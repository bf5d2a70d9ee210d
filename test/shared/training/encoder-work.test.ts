import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countMultiplyAdds } from '../../../shared/training/encoder-work.ts';
import { resnetNames } from '../../../shared/training/run-configuration.ts';
import { resnets } from '../../../trainer/models/resnet.ts';

/** Layer by layer, from the table by which the trainer builds the network. */
function countLayers(name: keyof typeof resnets, side: number): number {
  const { block, widths, blocks } = resnets[name];
  const expansion = block === 'bottleneck' ? 4 : 1;
  let at = side / 2;
  let total = at ** 2 * 49 * 3 * widths[0];
  at /= 2;
  let channels: number = widths[0];
  for (const [stage, count] of blocks.entries())
    for (let k = 0; k < count; k += 1) {
      const width = widths[stage] ?? 0;
      const out = width * expansion;
      const before = at ** 2;
      if (stage > 0 && k === 0) at /= 2;
      const after = at ** 2;
      if (after !== before || channels !== out) total += after * channels * out;
      total +=
        block === 'basic'
          ? after * 9 * (channels * width + width * width)
          : before * channels * width + after * (9 * width * width + width * out);
      channels = out;
    }
  return total;
}

test('the work of every residual encoder is that of its layers, at any size', () => {
  for (const name of resnetNames)
    for (const side of [32, 96, 224])
      assert.equal(countMultiplyAdds(name, side, side), countLayers(name, side), name);
  assert.equal(countMultiplyAdds('resnet-18', 320, 640), 2 * countLayers('resnet-18', 320));
});

test('the work is what torchvision and timm publish (GMAC at 224 px; theirs has a classifier too)', () => {
  for (const [name, published] of [
    ['resnet-18', 1.81],
    ['resnet-34', 3.66],
    ['resnet-50', 4.09],
    ['resnet-101', 7.8],
    ['vit-s', 4.6],
  ] as const) {
    const own = countMultiplyAdds(name, 224, 224) / 1e9;
    assert.ok(Math.abs(own / published - 1) < 0.01, `${name}: ${own}`);
  }
});
