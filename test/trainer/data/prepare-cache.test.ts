import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { StationError } from '../../../shared/station-error.ts';
import { decodeEntry, encodeEntry } from '../../../trainer/data/image-entry.ts';
import {
  entryPath,
  readEntry,
  writeEntry,
  writePlainView,
} from '../../../trainer/data/image-cache.ts';
import { forgetDeleted, prepareCache } from '../../../trainer/data/prepare-cache.ts';
import type { StoredImage } from '../../../trainer/data/stored-image.ts';
import {
  makeFolder,
  prepareNoise,
  writeImage,
  writeImages,
} from '../../fixtures/prepared-images.ts';

const format = { recipe: 'mammo', height: 24, width: 40 } as const;
const sha256 = 'ab'.repeat(32);

const deep: StoredImage = {
  depth: 16,
  picture: { width: 2, height: 1, channels: 1, values: Float32Array.of(0, 1) },
  window: { kind: 'sigmoid', centre: 0.3, width: -1.7 },
  inverted: true,
};

test('an entry gives back what was written, and nothing once one bit of it is another', () => {
  const bytes = encodeEntry(deep, sha256);
  assert.deepEqual(decodeEntry(Buffer.from(bytes), sha256), deep);
  for (let i = 0; i < bytes.length; i += 1) {
    const damaged = bytes.slice();
    damaged[i] = (damaged[i] ?? 0) ^ 4;
    assert.equal(decodeEntry(damaged, sha256), undefined, `byte ${i}`);
  }
  for (let length = 0; length < bytes.length; length += 1)
    assert.equal(decodeEntry(bytes.subarray(0, length), sha256), undefined);
  assert.equal(decodeEntry(bytes, 'cd'.repeat(32)), undefined);
});

test('an image is decoded once: the next run finds it prepared, even without its file', async (t) => {
  const folder = makeFolder(t);
  const first = await prepareNoise(folder, 5, format);
  assert.equal(first.images.length, 5);
  const images = writeImages(path.join(folder, 'files'), 5);
  for (const { file } of images) rmSync(file);
  const root = path.join(folder, 'prepared');
  const again = await prepareCache({ images, root, format });
  assert.deepEqual(again, { cache: first, leftOut: [] });
  // Another size is another picture.
  const other = await prepareCache({ images, root, format: { ...format, height: 32 } });
  assert.equal(other.leftOut.length, 5);
});

test('a damaged picture and another image’s are made anew', async (t) => {
  const folder = makeFolder(t);
  const cache = await prepareNoise(folder, 3, format);
  const [a, b, c] = cache.images.map((image) => entryPath(cache.folder, image.sha256));
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  const whole = [a, b, c].map((file) => readFileSync(file));
  writeFileSync(a, readFileSync(a).subarray(0, 500));
  cpSync(c, b);
  await prepareNoise(folder, 3, format);
  assert.deepEqual(
    [a, b, c].map((file) => readFileSync(file)),
    whole,
  );
});

test('files that are cut off, deleted, exchanged or no pictures are left out and named', async (t) => {
  const folder = makeFolder(t);
  const files = path.join(folder, 'files');
  const [png, colour, dicom, deleted, exchanged, good] = writeImages(files, 6);
  assert.ok(png && colour && dicom && deleted && exchanged && good);
  const cut = [png, colour, dicom].map((image) => {
    const bytes = readFileSync(image.file);
    return writeImage(files, image.imageId, image.format, bytes.subarray(0, bytes.length >> 1));
  });
  rmSync(deleted.file);
  cpSync(good.file, exchanged.file);
  const noPicture = writeImage(files, 300, 'jpeg', Buffer.from('no picture at all'));
  const images = [...cut, deleted, exchanged, noPicture, good];
  const done: number[] = [];
  const { cache, leftOut } = await prepareCache({
    images,
    root: path.join(folder, 'prepared'),
    format,
    onImage: async (count) => void done.push(count),
  });
  assert.deepEqual(
    cache.images.map(({ imageId }) => imageId),
    [good.imageId],
  );
  assert.deepEqual(
    leftOut.map(({ imageId }) => imageId),
    [100, 101, 102, 103, 104, 300],
  );
  assert.ok(leftOut.every(({ reason }) => reason.length > 5));
  assert.match(leftOut[3]?.reason ?? '', /ENOENT/u);
  assert.match(leftOut[4]?.reason ?? '', /SHA-256/u);
  assert.deepEqual(done, [1, 2, 3, 4, 5, 6, 7]);
});

const full = '/dev/full';
const skip = existsSync(full) && statSync(full).isCharacterDevice() ? false : 'no /dev/full here';

test(
  'a full disk ends the preparation with the folder’s name and leaves no part behind',
  { skip },
  (t) => {
    const folder = makeFolder(t);
    // Whatever is written to the part lands on a disk that is always full.
    const file = entryPath(folder, sha256);
    mkdirSync(path.dirname(file), { recursive: true });
    symlinkSync(full, `${file}.${process.pid}.part`);
    assert.throws(
      () => writeEntry(folder, sha256, deep),
      (error: unknown) =>
        error instanceof StationError &&
        error.code === 'disk-full' &&
        error.details['folder'] === folder,
    );
    assert.deepEqual(readdirSync(path.dirname(file)), []);
    writeEntry(folder, sha256, deep);
    assert.deepEqual(readEntry(folder, sha256), deep);
  },
);

test('pictures of deleted images and foreign files are forgotten, the others stay', async (t) => {
  const folder = makeFolder(t);
  const cache = await prepareNoise(folder, 4, format);
  const [gone, ...kept] = cache.images;
  assert.ok(gone !== undefined);
  const goneFile = entryPath(cache.folder, gone.sha256);
  const part = `${entryPath(cache.folder, kept[0]?.sha256 ?? '')}.1.part`;
  writeFileSync(part, 'left by a crash');
  forgetDeleted(path.join(folder, 'prepared'), (each) => each !== gone.sha256);
  assert.ok(!existsSync(goneFile) && !existsSync(part));
  for (const image of kept) assert.ok(readEntry(cache.folder, image.sha256) !== undefined);
  forgetDeleted(path.join(folder, 'no such folder'), () => true);
});

test('a plain view is the same each time and beside it nothing is written', async (t) => {
  const cache = await prepareNoise(makeFolder(t), 3, { ...format, recipe: 'mammo-16-bit' });
  const size = 3 * 24 * 40;
  for (const image of cache.images) {
    const [one, two] = [new Float32Array(3 * size).fill(9), new Float32Array(3 * size).fill(9)];
    writePlainView(cache, image, one, size);
    writePlainView(cache, image, two, size);
    assert.deepEqual(one, two);
    assert.ok(one.every((value, i) => (value === 9) === (i < size || i >= 2 * size)));
  }
});
