import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wholePixels } from '../../../shared/training/preprocessing.ts';
import { createRandom } from '../../../shared/random.ts';
import { recipeNames } from '../../../shared/training/view-recipes.ts';
import {
  drawCrop,
  makePlainView,
  makeView,
  type ViewShape,
} from '../../../trainer/data/make-view.ts';
import { writeNormalised } from '../../../trainer/data/normalise.ts';
import { type Recipe, recipes } from '../../../trainer/data/recipes.ts';
import { storeImage, type StoredImage } from '../../../trainer/data/stored-image.ts';
import type { DecodedImage } from '../../../trainer/data/decoded-image.ts';

const shape: ViewShape = { height: 20, width: 32, sideKnown: false };

/** 12 bits, wider than high, a window that cuts off a tenth at both ends. */
function image(valueAt: (x: number, y: number) => number, inverted = false): DecodedImage {
  const [width, height] = [64, 48];
  return {
    width,
    height,
    channels: 1,
    values: Uint16Array.from({ length: width * height }, (_, i) =>
      valueAt(i % width, Math.floor(i / width)),
    ),
    window: { kind: 'linear', centre: 2048, width: 3276 },
    inverted,
  };
}

const noisy = (seed: number): DecodedImage => {
  const random = createRandom(seed);
  return image(() => random.below(4096));
};

const store = (decoded: DecodedImage, recipe: Recipe): StoredImage =>
  storeImage(decoded, recipe, shape.height, shape.width);

test('every recipe makes rectangular views within the range of pictures, the same for the same seed', () => {
  for (const name of recipeNames) {
    const recipe = recipes[name];
    const stored = store(noisy(1), recipe);
    for (let seed = 0; seed < 40; seed += 1) {
      const view = makeView(stored, recipe, shape, createRandom(seed));
      assert.deepEqual([view.width, view.height, view.channels], [32, 20, 1], name);
      const top = recipe.depth === 8 ? 255 : 1;
      assert.ok(view.values.every((value) => value >= 0 && value <= top));
      assert.deepEqual(makeView(stored, recipe, shape, createRandom(seed)), view);
    }
  }
});

test('making a view leaves the prepared picture as it was', () => {
  for (const name of recipeNames) {
    const stored = store(noisy(2), recipes[name]);
    const before = stored.picture.values.slice();
    for (let seed = 0; seed < 10; seed += 1)
      makeView(stored, recipes[name], shape, createRandom(seed));
    assert.deepEqual(stored.picture.values, before, name);
  }
});

test('a recipe’s steps happen as often as they should', () => {
  const count = 2000;
  // Left black, right white: the corner says whether it was flipped.
  const decoded = image((x) => (x < 32 ? 0 : 4095));
  const share = (recipe: Recipe, sideKnown: boolean): number => {
    const stored = store(decoded, recipe);
    let flipped = 0;
    for (let seed = 0; seed < count; seed += 1) {
      const { values } = makeView(stored, recipe, { ...shape, sideKnown }, createRandom(seed));
      if ((values[0] ?? 0) > (values[31] ?? 0)) flipped += 1;
    }
    return flipped / count;
  };
  const flipOnly = (name: 'mammo' | 'mammo-16-bit'): Recipe => {
    const recipe = recipes[name];
    return recipe.depth === 8
      ? { ...recipe, steps: recipe.steps.filter(({ kind }) => kind === 'flip') }
      : {
          ...recipe,
          storage: 'fitted',
          steps: recipe.steps.filter(({ kind }) => kind === 'flip' || kind === 'window-jitter'),
        };
  };
  for (const sideKnown of [false, true])
    assert.ok(Math.abs(share(flipOnly('mammo'), sideKnown) - 0.5) < 0.05);
  assert.ok(Math.abs(share(flipOnly('mammo-16-bit'), false) - 0.5) < 0.05);
  assert.equal(share(flipOnly('mammo-16-bit'), true), 0);
});

test('crops keep to their area and ratio and lie within the picture', () => {
  const random = createRandom(4);
  const step = { area: [0.08, 1], ratio: [3 / 4, 4 / 3] } as const;
  for (let i = 0; i < 2000; i += 1) {
    const { x, y, width, height } = drawCrop(200, 100, step, random);
    assert.ok(x >= 0 && y >= 0 && x + width <= 200 && y + height <= 100);
    assert.ok(width * height > 0.07 * 20_000, `${width} x ${height}`);
    assert.ok(width / height > 0.72 && width / height < 1.38, `${width} x ${height}`);
  }
  // No part of such a strip fits: the largest one in the middle is taken.
  const strip = drawCrop(1000, 10, { ...step, area: [0.5, 1] }, random);
  assert.deepEqual(strip, { x: 493, y: 0, width: 13, height: 10 });
});

test('two crops of the 16-bit recipe always overlap', () => {
  const [crop] = recipes['mammo-16-bit'].steps;
  assert.ok(crop?.kind === 'random-resized-crop');
  const random = createRandom(8);
  for (let i = 0; i < 2000; i += 1) {
    const { width, height } = drawCrop(400, 500, crop, random);
    assert.ok(width > 200 && height > 250, `${width} x ${height}`);
  }
});

test('the 16-bit recipe’s window brings back what the file’s own cuts off', () => {
  const recipe = recipes['mammo-16-bit'];
  // All above the file's window: white for it, and for a window that is moved up it is not.
  const stored = store(
    image((x) => 3700 + x),
    recipe,
  );
  const plain = makePlainView(stored, 20, 32);
  assert.ok(plain.values.every((value) => value === 1));
  let below = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const { values } = makeView(stored, recipe, shape, createRandom(seed));
    if ((values[10 * 32 + 16] ?? 1) < 0.99) below += 1;
  }
  assert.ok(below > 20 && below < 80, `${below}`);
});

test('a picture that is turned round by its file is turned round in either depth', () => {
  for (const name of ['mammo', 'mammo-16-bit'] as const) {
    const value = (inverted: boolean): number => {
      const stored = store(
        image(() => 1229, inverted),
        recipes[name],
      );
      const target = new Float32Array(3 * 20 * 32);
      writeNormalised(makePlainView(stored, 20, 32), target, 0);
      return (target[5] ?? 0) * 0.229 + 0.485;
    };
    assert.ok(Math.abs(value(false) - 0.25) < 0.003, name);
    assert.ok(Math.abs(value(true) - 0.75) < 0.003, name);
  }
});

test('a large picture is kept no larger than its smallest crop needs, a small one as it is', () => {
  const [width, height] = [640, 480];
  const large = { ...image(() => 7), width, height, values: new Uint16Array(width * height) };
  const { picture } = store(large, recipes.oai);
  const most = wholePixels(recipes.oai, 20, 32);
  assert.equal(most, 8000);
  assert.ok(Math.abs(picture.width * picture.height - most) < 200);
  assert.ok(Math.abs(picture.width / picture.height - 4 / 3) < 0.02);
  assert.equal(
    store(
      image(() => 7),
      recipes.oai,
    ).picture.width,
    64,
  );
});

test('a colour file of equal planes is kept as grey', () => {
  const values = Uint8Array.from({ length: 3 * 64 * 48 }, (_, i) => Math.floor(i / 3) % 256);
  const window = { kind: 'linear', centre: 127.5, width: 255 } as const;
  const grey: DecodedImage = { ...image(() => 0), channels: 3, values, window };
  assert.equal(store(grey, recipes.mammo).picture.channels, 1);
  const coloured = {
    ...grey,
    values: values.map((value, i) => (i % 3 === 0 ? 255 - value : value)),
  };
  assert.equal(store(coloured, recipes.mammo).picture.channels, 3);
});
