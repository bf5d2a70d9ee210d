import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { wordPreprocessing } from '../../../shared/training/preprocessing.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import { recipeNames } from '../../../shared/training/view-recipes.ts';
import { readDicom } from '../../../trainer/data/decode-dicom.ts';
import type { DecodedImage } from '../../../trainer/data/decoded-image.ts';
import { makePlainView } from '../../../trainer/data/make-view.ts';
import { writeNormalised } from '../../../trainer/data/normalise.ts';
import { recipes } from '../../../trainer/data/recipes.ts';
import { storeImage } from '../../../trainer/data/stored-image.ts';
import { readSavedEncoder } from '../../../trainer/evaluation/saved-encoder.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../trainer/safetensors.ts';
import { saveEncoder } from '../../../trainer/save-encoder.ts';
import { exportEncoder } from '../../../trainer/weights/export-encoder.ts';
import { writeWhole } from '../../../trainer/write-file.ts';
import { makeFolder } from '../../fixtures/prepared-images.ts';
import { makeSmallDicom } from '../../fixtures/small-dicom.ts';
import { makeEncoder } from './exported.ts';

const [height, width] = [32, 64];

/** Mean and deviation of the channels as a sentence states them. */
function statedNumbers(sentence: string): { means: number[]; deviations: number[] } {
  const found = /mean (?<m>[\d. ]+), deviation (?<d>[\d. ]+);/u.exec(sentence)?.groups;
  const numbers = (text = ''): number[] => text.split(' ').map(Number);
  return { means: numbers(found?.['m']), deviations: numbers(found?.['d']) };
}

/** A MONOCHROME1 file: every stored value 1000, which its window shows as 0.25 and, turned round, as 0.75. */
async function makeInverted(): Promise<DecodedImage> {
  const [rows, columns] = [256, 256];
  const bytes = makeSmallDicom(
    Array.from({ length: rows * columns }, (_, i) => (i === 0 ? 4000 : 1000)),
    // PS3.3 C.11.2.1.2: (1000 - 1499.5) / 1999 + 1/2 is 0.25.
    { rows, photometric: 'MONOCHROME1', window: [1500, 2000] },
  );
  return readDicom(bytes);
}

test('what is said of a picture is what is done to it, by each recipe', async () => {
  const decoded = await makeInverted();
  for (const name of recipeNames) {
    const sentence = wordPreprocessing(name, height, width);
    assert.ok(sentence.startsWith(`Recipe "${name}": `));
    for (const words of ['VOI window', 'MONOCHROME1 turned round', '32 high and 64 wide', 'RGB'])
      assert.ok(sentence.includes(words), `${name}: ${words}`);
    const stored = storeImage(decoded, recipes[name], height, width);
    assert.equal(/rounded to 8 bits/u.test(sentence), stored.depth === 8, name);
    assert.equal(/stored values .* only then as the viewer/u.test(sentence), stored.depth === 16);
    const most = /shrunk in its own shape to (?<most>\d+) pixels/u.exec(sentence)?.groups?.['most'];
    const { picture } = stored;
    const pixels = picture.width * picture.height;
    if (most === undefined) assert.deepEqual([picture.height, picture.width], [height, width]);
    else assert.ok(Math.abs(pixels / Number(most) - 1) < 0.02, `${name}: ${pixels} of ${most}`);
    const view = new Float32Array(3 * height * width);
    writeNormalised(makePlainView(stored, height, width), view, 0);
    const { means, deviations } = statedNumbers(sentence);
    for (const [k, mean] of means.entries()) {
      // The last pixel is far from the one odd value.
      const shown = (view[(k + 1) * height * width - 1] ?? 0) * (deviations[k] ?? 0) + mean;
      assert.ok(Math.abs(shown - 0.75) < 0.003, `${name}, channel ${k}: ${shown}`);
    }
    assert.equal(means.length, 3);
  }
});

test('an encoder’s file says its recipe and preparation, and so does what is exported of it', async (t) => {
  const folder = makeFolder(t);
  const tensors = makeEncoder('resnet-10', 32, createRandom(3));
  const isStatistic = (name: string): boolean => /\.running_(?:mean|var)$/u.test(name);
  const configuration = {
    ...demonstrationConfiguration,
    imageSide: height,
    imageWidth: width,
    recipe: 'mammo-16-bit' as const,
  };
  const saved = await saveEncoder(
    { configuration, runFolder: folder, runId: 1 },
    {
      parameters: tensors.filter(({ name }) => !isStatistic(name)),
      weights: new Map(tensors.map(({ name, values }) => [name, values])),
      statistics: new Map(
        tensors.flatMap(({ name, values }) => (isStatistic(name) ? [[name, values] as const] : [])),
      ),
    },
    false,
  );
  const file = path.join(folder, saved.file);
  assert.equal((await readSavedEncoder(file)).recipe, 'mammo-16-bit');
  const sentence = wordPreprocessing('mammo-16-bit', height, width);
  const target = path.join(folder, 'out.safetensors');
  await exportEncoder({ file, sha256: saved.sha256 }, target, 'safetensors');
  const { metadata } = decodeSafetensors(readFileSync(target));
  assert.deepEqual(
    [metadata['recipe'], metadata['preprocessing'], metadata['imageSide'], metadata['imageWidth']],
    ['mammo-16-bit', sentence, '32', '64'],
  );
  await exportEncoder({ file, sha256: saved.sha256 }, `${target}.onnx`, 'onnx');
  assert.ok(readFileSync(`${target}.onnx`).includes(sentence));

  const {
    recipe: _,
    preprocessing: __,
    ...earlier
  } = decodeSafetensors(readFileSync(file)).metadata;
  const bytes = encodeSafetensors(tensors, earlier);
  await writeWhole(file, bytes);
  assert.equal((await readSavedEncoder(file)).recipe, undefined);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await exportEncoder({ file, sha256 }, target, 'safetensors');
  const old = decodeSafetensors(readFileSync(target)).metadata;
  assert.equal(old['recipe'], 'not known');
  assert.match(old['preprocessing'] ?? '', /^The recipe .* is not known: .*VOI window/u);
  assert.doesNotMatch(old['preprocessing'] ?? '', /whole range of the picture/u);
});
