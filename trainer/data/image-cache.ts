import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Laterality } from '../../shared/imaging/study.ts';
import { StationError } from '../../shared/station-error.ts';
import { wholePixels } from '../../shared/training/preprocessing.ts';
import type { RecipeName } from '../../shared/training/view-recipes.ts';
import { decodeEntry, encodeEntry, entryVersion } from './image-entry.ts';
import { makePlainView } from './make-view.ts';
import { writeNormalised } from './normalise.ts';
import { type Recipe, recipes } from './recipes.ts';
import type { StoredImage } from './stored-image.ts';

/** What the views of a run look like. */
export type ViewFormat = {
  readonly recipe: RecipeName;
  readonly height: number;
  readonly width: number;
};

/** An image with a prepared picture. */
export type CachedImage = {
  readonly imageId: number;
  /** Of the image's file. */
  readonly sha256: string;
  readonly laterality: Laterality | null;
};

/**
 * The images of a run, prepared on disk and read one by one: plain values that can be sent to a thread. Ten
 * thousand images take a few megabytes of memory.
 */
export type ImageCache = {
  /** Folder of the prepared pictures of this format. */
  readonly folder: string;
  readonly format: ViewFormat;
  readonly images: readonly CachedImage[];
};

/** Name of the folder for pictures that are prepared alike: recipes that need the same share it. */
export function storageName({ recipe: name, height, width }: ViewFormat): string {
  const recipe: Recipe = recipes[name];
  const size =
    recipe.storage === 'fitted'
      ? `${height}x${width}`
      : `${wholePixels(recipe, height, width)}-pixels`;
  return `${recipe.storage}-${recipe.depth}-bit-${size}-${entryVersion}`;
}

/** Where the prepared picture of an image's file lies. */
export const entryPath = (folder: string, sha256: string): string =>
  path.join(folder, sha256.slice(0, 2), sha256);

/** The prepared picture, or undefined where there is none or it is damaged or another image's. */
export function readEntry(folder: string, sha256: string): StoredImage | undefined {
  try {
    return decodeEntry(readFileSync(entryPath(folder, sha256)), sha256);
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes a prepared picture aside and renames it. It is not synced: what a power failure leaves is found by
 * its checksum and made anew. Throws StationError disk-full; nothing is left behind then.
 */
export function writeEntry(folder: string, sha256: string, stored: StoredImage): void {
  const file = entryPath(folder, sha256);
  const part = `${file}.${process.pid}.part`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(part, encodeEntry(stored, sha256));
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    const code = (error as { readonly code?: string }).code;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new StationError('disk-full', { folder }, { cause: error });
    throw error;
  }
}

/** The prepared picture of an image that the cache lists. Throws StationError prepared-image-lost. */
export function readPrepared({ folder }: ImageCache, image: CachedImage): StoredImage {
  const stored = readEntry(folder, image.sha256);
  if (stored === undefined) throw new StationError('prepared-image-lost', { image: image.imageId });
  return stored;
}

/**
 * Writes an image without any chance, whole and normalised `[3, height, width]`, to `target` at `offset`: what
 * an encoder is judged on. Throws StationError prepared-image-lost.
 */
export function writePlainView(
  cache: ImageCache,
  image: CachedImage,
  target: Float32Array,
  offset: number,
): void {
  const { height, width } = cache.format;
  writeNormalised(makePlainView(readPrepared(cache, image), height, width), target, offset);
}
