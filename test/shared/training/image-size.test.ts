import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitImageSize } from '../../../shared/training/image-size.ts';
import { presets } from '../../../shared/training/presets.ts';
import {
  demonstrationConfiguration,
  runConfiguration,
} from '../../../shared/training/run-configuration.ts';

test('a size that an encoder cannot be given becomes the next larger one of its shape', () => {
  assert.deepEqual(fitImageSize({ height: 300, width: 600 }), { height: 320, width: 640 });
  assert.deepEqual(fitImageSize({ height: 224, width: 224 }), { height: 224, width: 224 });
  assert.deepEqual(fitImageSize({ height: 65, width: 65 }), { height: 96, width: 96 });
  assert.deepEqual(fitImageSize({ height: 640, width: 320 }), { height: 640, width: 320 });
});

test('every preset has a size of its shape that a run can have', () => {
  for (const { name, imageHeight, imageWidth } of presets) {
    const { height, width } = fitImageSize({ height: imageHeight, width: imageWidth });
    assert.equal(height * imageWidth, width * imageHeight, name);
    const run = { ...demonstrationConfiguration, imageSide: height, imageWidth: width };
    assert.ok(runConfiguration.safeParse(run).success, name);
  }
});

test('a side that is no multiple of 32 is refused in words', () => {
  for (const size of [{ imageSide: 300 }, { imageSide: 320, imageWidth: 600 }]) {
    const { error } = runConfiguration.safeParse({ ...demonstrationConfiguration, ...size });
    assert.match(error?.issues[0]?.message ?? '', /a multiple of 32/u);
  }
});
