import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageFormat } from '../../shared/imaging/study.ts';
import { readImage } from './decode-image.ts';
import {
  type CachedImage,
  type ImageCache,
  readEntry,
  storageName,
  type ViewFormat,
  writeEntry,
} from './image-cache.ts';
import { recipes } from './recipes.ts';
import { storeImage } from './stored-image.ts';

/** An image to prepare and the file that holds it. */
export type ImageFile = CachedImage & { readonly file: string; readonly format: ImageFormat };

/** An image that cannot be used, and why. */
export type LeftOut = { readonly imageId: number; readonly reason: string };

type Preparation = {
  readonly images: readonly ImageFile[];
  /** Folder of all prepared pictures; it may be deleted whenever no run goes on. */
  readonly root: string;
  readonly format: ViewFormat;
  /** Called after each image; what it throws ends the preparation. */
  readonly onImage?: (done: number) => Promise<void>;
};

/** The image's bytes as they were imported. Throws where they are missing or are others by now. */
async function readOriginal({ file, sha256 }: ImageFile): Promise<Uint8Array> {
  const bytes = await readFile(file);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new Error(`the file is damaged: its SHA-256 is ${found} and was ${sha256} at its import`);
  return bytes;
}

/** Prepares one image where that was not done before. Answers why it cannot be used, if so. */
async function prepareImage(
  image: ImageFile,
  folder: string,
  format: ViewFormat,
): Promise<string | undefined> {
  if (readEntry(folder, image.sha256) !== undefined) return undefined;
  let stored: ReturnType<typeof storeImage>;
  try {
    const decoded = await readImage(await readOriginal(image), image.format);
    stored = storeImage(decoded, recipes[format.recipe], format.height, format.width);
  } catch (error) {
    return error instanceof Error ? error.message : JSON.stringify(error);
  }
  writeEntry(folder, image.sha256, stored);
  return undefined;
}

/**
 * Decodes every image once, through the same decoders and window as the viewer, and keeps it shrunk on disk;
 * one at a time is in memory. Pictures that an earlier run prepared alike are used again; damaged ones, or
 * another image's, are made anew. What cannot be read or decoded is left out. Throws StationError disk-full.
 */
export async function prepareCache({
  images,
  root,
  format,
  onImage,
}: Preparation): Promise<{ readonly cache: ImageCache; readonly leftOut: readonly LeftOut[] }> {
  const folder = path.join(root, storageName(format));
  const prepared: CachedImage[] = [];
  const leftOut: LeftOut[] = [];
  for (const image of images) {
    const { imageId, sha256, laterality } = image;
    const reason = await prepareImage(image, folder, format);
    if (reason === undefined) prepared.push({ imageId, sha256, laterality });
    else leftOut.push({ imageId, reason });
    await onImage?.(prepared.length + leftOut.length);
  }
  return { cache: { folder, format, images: prepared }, leftOut };
}

const childrenOf = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/**
 * Deletes the prepared pictures, in every format, of images that the station does not hold any more: a shrunk
 * copy must not outlive its image. Other files in their folders go too.
 */
export function forgetDeleted(root: string, isHeld: (sha256: string) => boolean): void {
  for (const storage of childrenOf(root))
    for (const part of childrenOf(path.join(root, storage)))
      for (const name of childrenOf(path.join(root, storage, part)))
        if (!/^[0-9a-f]{64}$/u.test(name) || !isHeld(name))
          rmSync(path.join(root, storage, part, name), { recursive: true, force: true });
}
