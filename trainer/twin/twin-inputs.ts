import { createHash, type Hash } from 'node:crypto';
import { readFile, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { StationError } from '../../shared/station-error.ts';
import { createRandom, shuffle } from '../../shared/random.ts';
import { type CachedImage, type ImageCache, storageName, writeEntry } from '../data/image-cache.ts';
import { recipes } from '../data/recipes.ts';
import { storeImage } from '../data/stored-image.ts';
import { badFile } from './file-faults.ts';
import type { SizedImage } from './mine-twin.ts';
import { type GazeTrack, readGaze } from './read-gaze.ts';
import { ImageFolder } from './read-images.ts';
import { readLabels, type TwinImage } from './read-labels.ts';
import { splitByPatient } from './split-patients.ts';
import type { TwinPlan } from './twin-plan.ts';

/** What a twin run has read of its files. */
export type TwinInputs = {
  readonly train: readonly SizedImage[];
  readonly test: readonly SizedImage[];
  readonly labels: readonly string[];
  readonly patientsKnown: boolean;
  readonly missing: readonly string[];
  /** Pictures of all images, prepared for the recipe. */
  readonly cache: ImageCache;
  /** Images that files of gaze name and that are not in the folder or have no label: their gaze is left out. */
  readonly unusedGaze: readonly string[];
  /** Tracks by file of gaze, then by image; of training images alone. */
  readonly gaze: ReadonlyMap<string, ReadonlyMap<number, readonly GazeTrack[]>>;
  /** Of plan and contents: two runs of one fingerprint give the same. */
  readonly fingerprint: string;
};

/** Throws StationError invalid-input where a part lacks a label: nothing could be said. */
function checkPart(name: string, part: readonly TwinImage[], labels: readonly string[]): void {
  for (const label of labels)
    if (!part.some((image) => image.label === label))
      throw new StationError('invalid-input', {
        field: 'labels',
        problem: `the ${name} part (split by patient) has no image of "${label}": more images, fewer labels or another --test-share are needed`,
      });
}

/** Tracks of a file of gaze, and the images that it names and that are no labelled image of the folder. */
type ReadTracks = {
  readonly tracks: ReadonlyMap<number, readonly GazeTrack[]>;
  readonly unused: readonly string[];
};

/**
 * Tracks of the images of a part, found by the names that the table uses; gaze on the other labelled images is dropped.
 * Throws StationError invalid-input where fewer than two images of the part have any.
 */
async function readTracks(
  file: string,
  folder: ImageFolder,
  part: readonly TwinImage[],
  labelled: ReadonlySet<string>,
): Promise<ReadTracks> {
  const tracks = await readGaze(file);
  const idOf = new Map(part.map((image) => [image.file, image.imageId]));
  const found = new Map<number, GazeTrack[]>();
  for (const track of tracks) {
    const id = idOf.get(folder.find(track.image) ?? '');
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), track]);
  }
  if (!tracks.some(({ image }) => folder.find(image) !== undefined))
    throw badFile(
      file,
      undefined,
      `none of its images is in ${folder.folder} (the first is "${tracks[0]?.image}"); name the files there, with or without ending`,
    );
  if (found.size < 2)
    throw badFile(
      file,
      undefined,
      `${found.size} of the ${part.length} labelled images that train have gaze, and two at least are needed; add gaze or labels`,
    );
  const unused = tracks.flatMap(({ image }) =>
    labelled.has(folder.find(image) ?? '') ? [] : image,
  );
  return { tracks: found, unused };
}

/** Removes what `readInputs` has written so far, and the folders that it made where they are empty then. */
async function removePrepared(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  const [prepared, out] = [path.dirname(folder), path.dirname(path.dirname(folder))];
  // A folder that holds anything else stays.
  for (const each of [prepared, out]) await rmdir(each).catch(() => undefined);
}

/** Images prepared for the recipe, with the sizes of their files; `hash` is told their contents. */
async function prepare(
  folder: ImageFolder,
  images: readonly TwinImage[],
  { recipe, imageSide: side }: TwinPlan['recipe'],
  { preparedFolder, hash }: { readonly preparedFolder: string; readonly hash: Hash },
): Promise<{ readonly cache: ImageCache; readonly sized: ReadonlyMap<number, SizedImage> }> {
  const format = { recipe, height: side, width: side };
  const prepared = path.join(preparedFolder, storageName(format));
  const cached: CachedImage[] = [];
  const sized = new Map<number, SizedImage>();
  try {
    for (const image of images) {
      const { imageId, file, laterality } = image;
      const bytes = await folder.read(file);
      const decoded = await folder.decode(file, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      hash.update(JSON.stringify(image)).update(sha256);
      writeEntry(prepared, sha256, storeImage(decoded, recipes[recipe], side, side));
      cached.push({ imageId, sha256, laterality });
      sized.set(imageId, { ...image, columns: decoded.width, rows: decoded.height });
    }
  } catch (error) {
    await removePrepared(prepared);
    throw error;
  }
  return { cache: { folder: prepared, format, images: cached }, sized };
}

/**
 * Reads images, labels and gaze of a plan; pictures are prepared into a folder, which may be deleted later, and nothing
 * is left there where one cannot be used. Gaze of test images is dropped here: it trains nothing. Throws StationError
 * file-missing, no-permission, invalid-input, unreadable-file, disk-full.
 */
export async function readInputs(plan: TwinPlan, preparedFolder: string): Promise<TwinInputs> {
  const folder = await ImageFolder.open(plan.imageFolder);
  const { images, labels, patientsKnown, missing } = await readLabels(plan.labelsFile, folder);
  const { train, test } = splitByPatient(images, plan.testShare);
  checkPart('training', train, labels);
  checkPart('test', test, labels);
  const { batchImages } = plan.recipe;
  if (train.length < batchImages)
    throw new StationError('invalid-input', {
      field: '--batch',
      problem: `a batch has ${batchImages} images and ${train.length} train; take a smaller batch or label more images`,
    });
  const gaze = new Map<string, ReadonlyMap<number, readonly GazeTrack[]>>();
  const labelled = new Set(images.map(({ file }) => file));
  const unusedGaze = new Set<string>();
  for (const file of new Set(plan.arms.flatMap((arm) => arm.gaze ?? []))) {
    const { tracks, unused } = await readTracks(file, folder, train, labelled);
    gaze.set(file, tracks);
    for (const image of unused) unusedGaze.add(image);
  }
  const hash = createHash('sha256').update(JSON.stringify(plan));
  const { cache, sized } = await prepare(folder, images, plan.recipe, { preparedFolder, hash });
  for (const file of gaze.keys()) hash.update(await readFile(file));
  const sizedOf = (part: readonly TwinImage[]): readonly SizedImage[] =>
    part.flatMap(({ imageId }) => sized.get(imageId) ?? []);
  const fingerprint = hash.digest('hex');
  return {
    train: sizedOf(train),
    test: sizedOf(test),
    labels,
    patientsKnown,
    missing,
    unusedGaze: [...unusedGaze],
    cache,
    gaze,
    fingerprint,
  };
}

/** Gaze in which each image has that of another one of its side and view, at the same share of the picture. */
export function shuffleGaze(
  images: readonly SizedImage[],
  tracks: ReadonlyMap<number, readonly GazeTrack[]>,
  seed: number,
): ReadonlyMap<number, readonly GazeTrack[]> {
  const random = createRandom(seed);
  const shuffled = new Map<number, readonly GazeTrack[]>();
  const looked = images.filter(({ imageId }) => tracks.has(imageId));
  const groups = Map.groupBy(looked, (image) => `${image.laterality} ${image.viewPosition}`);
  for (const group of groups.values()) {
    const order = shuffle(group, random);
    for (const [i, image] of order.entries()) {
      const giver = order[(i + 1) % order.length] ?? image;
      const [across, down] = [image.columns / giver.columns, image.rows / giver.rows];
      const lay = (track: GazeTrack): GazeTrack => ({
        ...track,
        samples: track.samples.map((sample) => ({
          ...sample,
          x: sample.x === null ? null : (sample.x + 0.5) * across - 0.5,
          y: sample.y === null ? null : (sample.y + 0.5) * down - 0.5,
        })),
      });
      shuffled.set(image.imageId, (tracks.get(giver.imageId) ?? []).map(lay));
    }
  }
  return shuffled;
}
