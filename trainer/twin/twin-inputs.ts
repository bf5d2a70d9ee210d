import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { StationError } from '../../shared/station-error.ts';
import { createRandom, shuffle } from '../../shared/random.ts';
import { type CachedImage, type ImageCache, storageName, writeEntry } from '../data/image-cache.ts';
import { recipes } from '../data/recipes.ts';
import { storeImage } from '../data/stored-image.ts';
import type { SizedImage } from './mine-twin.ts';
import { type GazeTrack, readGaze } from './read-gaze.ts';
import { ImageFolder } from './read-images.ts';
import { readLabels } from './read-labels.ts';
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
  /** Tracks by file of gaze, then by image; of training images alone. */
  readonly gaze: ReadonlyMap<string, ReadonlyMap<number, readonly GazeTrack[]>>;
  /** Of plan and contents: two runs of one fingerprint give the same. */
  readonly fingerprint: string;
};

/** Throws StationError invalid-input where a part lacks a label: nothing could be said. */
function checkPart(name: string, part: readonly SizedImage[], labels: readonly string[]): void {
  for (const label of labels)
    if (!part.some((image) => image.label === label))
      throw new StationError('invalid-input', {
        field: 'labels',
        problem: `the ${name} part (split by patient) has no image of "${label}": more images, fewer labels or another --test-share are needed`,
      });
}

/** Tracks of the images of a part, found by the names that the table uses. */
function tracksOf(
  tracks: readonly GazeTrack[],
  folder: ImageFolder,
  part: readonly SizedImage[],
): ReadonlyMap<number, readonly GazeTrack[]> {
  const idOf = new Map(part.map(({ file, imageId }) => [file, imageId]));
  const found = new Map<number, GazeTrack[]>();
  for (const track of tracks) {
    const id = idOf.get(folder.find(track.image) ?? '');
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), track]);
  }
  return found;
}

/**
 * Reads images, labels and gaze of a plan; pictures are prepared into a folder, which may be deleted later. Gaze of test images is dropped here: it trains nothing. Throws
 * StationError file-missing, invalid-input, unreadable-file, not-an-image-file, too-few-images, too-few-readings.
 */
export async function readInputs(plan: TwinPlan, preparedFolder: string): Promise<TwinInputs> {
  const folder = await ImageFolder.open(plan.imageFolder);
  const { images, labels, patientsKnown, missing } = await readLabels(plan.labelsFile, folder);
  const { recipe, imageSide: side, batchImages } = plan.recipe;
  const format = { recipe, height: side, width: side };
  const prepared = path.join(preparedFolder, storageName(format));
  const cached: CachedImage[] = [];
  const sized: SizedImage[] = [];
  const hash = createHash('sha256').update(JSON.stringify(plan));
  for (const image of images) {
    const decoded = await folder.decode(image.file);
    const bytes = await readFile(path.join(plan.imageFolder, image.file));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    hash.update(JSON.stringify(image)).update(sha256);
    writeEntry(prepared, sha256, storeImage(decoded, recipes[recipe], side, side));
    cached.push({ imageId: image.imageId, sha256, laterality: image.laterality });
    sized.push({ ...image, columns: decoded.width, rows: decoded.height });
  }
  const { train, test } = splitByPatient(sized, plan.testShare);
  checkPart('training', train, labels);
  checkPart('test', test, labels);
  if (train.length < batchImages)
    throw new StationError('too-few-images', { found: train.length, needed: batchImages });
  const gaze = new Map<string, ReadonlyMap<number, readonly GazeTrack[]>>();
  for (const file of new Set(plan.arms.flatMap((arm) => arm.gaze ?? []))) {
    hash.update(await readFile(file));
    const tracks = tracksOf(await readGaze(file), folder, train);
    if (tracks.size < 2)
      throw new StationError('too-few-readings', { found: tracks.size, needed: 2 });
    gaze.set(file, tracks);
  }
  const fingerprint = hash.digest('hex');
  const cache = { folder: prepared, format, images: cached };
  return { train, test, labels, patientsKnown, missing, cache, gaze, fingerprint };
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
