import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createRandom } from '../../../shared/random.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import { RunControl } from '../../../trainer/control.ts';
import { writePlainView } from '../../../trainer/data/image-cache.ts';
import { initialWeights } from '../../../trainer/engine/initial-weights.ts';
import { buildEmbedder } from '../../../trainer/engine/onnx-embedder.ts';
import { embedImages } from '../../../trainer/evaluation/embed-images.ts';
import { readSavedEncoder } from '../../../trainer/evaluation/saved-encoder.ts';
import { describeEncoder } from '../../../trainer/models/encoder.ts';
import { encodeSafetensors } from '../../../trainer/safetensors.ts';
import { writeWhole } from '../../../trainer/write-file.ts';
import { makeFolder, writeImages } from '../../fixtures/prepared-images.ts';

test('images are embedded at the height and width and by the recipe of the saved encoder, not by the run’s', async (t) => {
  const folder = makeFolder(t);
  const { parameters, statistics } = describeEncoder('resnet-10', 32, 96);
  const weights = initialWeights(parameters, createRandom(1));
  const running = new Map(
    statistics.map(({ name, shape: [channels] }) => [
      name,
      new Float32Array(channels ?? 0).fill(Number(name.endsWith('var'))),
    ]),
  );
  const tensors = [...weights, ...running].map(([name, values]) => ({
    name,
    shape: parameters.find((each) => each.name === name)?.shape ?? [values.length],
    values,
  }));
  const save = async (metadata: Readonly<Record<string, string>>): Promise<string> => {
    const file = path.join(folder, 'encoder.safetensors');
    await writeWhole(file, encodeSafetensors(tensors, { encoder: 'resnet-10', ...metadata }));
    return file;
  };
  const written = writeImages(path.join(folder, 'from'), 3);
  const filesFolder = path.join(folder, 'station', 'files');
  for (const { sha256, file } of written) {
    mkdirSync(path.join(filesFolder, sha256.slice(0, 2)), { recursive: true });
    copyFileSync(file, path.join(filesFolder, sha256.slice(0, 2), sha256));
  }
  const configuration = { ...demonstrationConfiguration, imageSide: 64, recipe: 'dental' as const };
  const context = {
    filesFolder,
    threads: 1,
    control: new RunControl(() => undefined),
    configuration,
  };
  const wide = await readSavedEncoder(await save({ imageSide: '32', imageWidth: '96' }));
  const { cache, features } = await embedImages(wide, written, {
    context,
    onBatch: () => undefined,
  });
  assert.deepEqual(cache.format, { recipe: 'dental', height: 32, width: 96 });
  const embedder = await buildEmbedder({
    encoder: 'resnet-10',
    imageHeight: 32,
    imageWidth: 96,
    threads: 1,
    weights,
    statistics: running,
  });
  t.after(() => embedder.close());
  for (const image of cache.images) {
    const plain = new Float32Array(3 * 32 * 96);
    writePlainView(cache, image, plain, 0);
    const [expected, found] = [await embedder.embed(plain), features.get(image.imageId)];
    for (const [d, value] of expected.entries())
      assert.ok(Math.abs(value - (found?.[d] ?? Number.NaN)) < 1e-5, `feature ${d}`);
  }
  // The champion of another recipe keeps it: the new run's would show it other pictures.
  const own = await readSavedEncoder(
    await save({ imageSide: '32', imageWidth: '96', recipe: 'mammo-16-bit' }),
  );
  const other = await embedImages(own, written, { context, onBatch: () => undefined });
  assert.deepEqual(other.cache.format, { recipe: 'mammo-16-bit', height: 32, width: 96 });
  assert.notDeepEqual(other.features, features);
  await assert.rejects(
    readSavedEncoder(await save({ imageSide: '32', recipe: 'tomorrow' })),
    /trained by the recipe "tomorrow", which is not known here/u,
  );
  const square = await readSavedEncoder(await save({ imageSide: '32' }));
  assert.deepEqual([square.imageHeight, square.imageWidth], [32, 32]);
});
