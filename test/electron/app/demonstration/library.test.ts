import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import jpeg from 'jpeg-js';
import { libraryFolder, readLibrary } from '../../../../electron/app/demonstration/library.ts';
import { findStructures } from '../../../../scripts/fundus-structures.ts';

const assetsFolder = path.resolve(import.meta.dirname, '../../../../assets');
const folder = libraryFolder(assetsFolder);

test('every shipped picture is in the library once, with the credit its licence asks for', async () => {
  const studies = await readLibrary(assetsFolder);
  const images = studies.flatMap((study) => study.images);
  assert.deepEqual(
    images.map(({ file }) => path.posix.basename(file)).toSorted(),
    readdirSync(path.join(folder, 'fundus')).toSorted(),
  );
  for (const { file, attribution } of images)
    assert.match(attribution, file.endsWith('retina.jpg') ? /CC0/u : /IDRiD.*Porwal.*CC BY 4\.0/u);
  assert.equal(new Set(studies.map(({ studyUid }) => studyUid)).size, studies.length);
  const licences = readFileSync(path.join(folder, 'LICENCES.md'), 'utf8');
  assert.match(licences, /Attribution 4\.0 International/u);
  assert.match(licences, /CC0 1\.0/u);
});

test('no shipped picture carries metadata', () => {
  for (const name of readdirSync(path.join(folder, 'fundus'))) {
    const bytes = readFileSync(path.join(folder, 'fundus', name));
    assert.equal(bytes.indexOf('Exif\0'), -1, name);
    assert.equal(bytes.indexOf('http://ns.adobe.com/xap'), -1, name);
  }
});

test('the stored structures are those that the script finds in the picture', async () => {
  const [study] = await readLibrary(assetsFolder);
  const image = study?.images[0];
  assert.ok(image);
  const bytes = readFileSync(path.join(folder, image.file));
  assert.deepEqual(findStructures(jpeg.decode(bytes, { useTArray: true })), image.structures);
});
