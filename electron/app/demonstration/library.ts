import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { lateralities, modalities } from '../../../shared/imaging/study.ts';

const structure = z.object({
  kind: z.enum(['disc', 'bright', 'dark']),
  x: z.number(),
  y: z.number(),
  contrast: z.number(),
});

const library = z.object({
  studies: z.array(
    z.object({
      studyUid: z.string(),
      patient: z.string(),
      description: z.string(),
      modality: z.enum(modalities),
      studyDate: z.string(),
      images: z.array(
        z.object({
          file: z.string(),
          laterality: z.enum(lateralities).nullable(),
          attribution: z.string(),
          simulated: z.boolean(),
          structures: z.array(structure),
        }),
      ),
    }),
  ),
});

/** A place in a picture that draws the eye; image pixels, centres at integers. */
export type PictureStructure = z.infer<typeof structure>;
/** A study of real photographs that ships with the product. */
export type LibraryStudy = z.infer<typeof library>['studies'][number];

/** Folder of the demonstration library below the product's assets. */
export const libraryFolder = (assetsFolder: string): string =>
  path.join(assetsFolder, 'demonstration');

/** The shipped studies (`library.json`). Throws where the file is absent or damaged: it is ours. */
export async function readLibrary(assetsFolder: string): Promise<readonly LibraryStudy[]> {
  const text = await readFile(path.join(libraryFolder(assetsFolder), 'library.json'), 'utf8');
  return library.parse(JSON.parse(text)).studies;
}
