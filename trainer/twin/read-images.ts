import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { StationError } from '../../shared/station-error.ts';
import { readImage } from '../data/decode-image.ts';
import type { DecodedImage } from '../data/decoded-image.ts';
import { decodePgm, isPgm } from './decode-pgm.ts';
import { badFile, wordReadFault } from './file-faults.ts';

/** Decodes an image by what it holds, whatever its name says; undefined where it is no image of a known kind. */
export async function decodeByContent(bytes: Uint8Array): Promise<DecodedImage | undefined> {
  const [a, b, c] = bytes;
  if (a === 0x89 && b === 0x50 && c === 0x4e) return await readImage(bytes, 'png');
  if (a === 0xff && b === 0xd8 && c === 0xff) return await readImage(bytes, 'jpeg');
  if (isPgm(bytes)) return decodePgm(bytes);
  const mark = String.fromCodePoint(...bytes.subarray(128, 132));
  return mark === 'DICM' ? await readImage(bytes, 'dicom') : undefined;
}

/** The files of a folder (not of its subfolders), found by the names that tables use for them. */
export class ImageFolder {
  readonly folder: string;
  readonly #byName: ReadonlyMap<string, string>;
  readonly #byStem: ReadonlyMap<string, readonly string[]>;

  private constructor(folder: string, files: readonly string[]) {
    this.folder = folder;
    this.#byName = new Map(files.map((file) => [file, file]));
    this.#byStem = Map.groupBy(files, (file) => path.parse(file).name);
  }

  /** Throws StationError file-missing, no-permission, invalid-input where it is no folder or holds no file. */
  static async open(folder: string): Promise<ImageFolder> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      throw wordReadFault(error, folder);
    });
    const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
    if (files.length === 0)
      throw badFile(folder, undefined, 'the folder holds no files; name the one with the images');
    return new ImageFolder(folder, files.map(({ name }) => name).toSorted());
  }

  /**
   * The file of an image that a table names with or without its ending or folders; undefined where there is none.
   * Throws StationError invalid-input where two files could be meant.
   */
  find(name: string): string | undefined {
    const base = path.posix.basename(name.replaceAll('\\', '/'));
    const exact = this.#byName.get(base);
    if (exact !== undefined) return exact;
    const found = this.#byStem.get(base) ?? this.#byStem.get(path.parse(base).name) ?? [];
    if (found.length > 1)
      throw badFile(this.folder, undefined, `"${name}" could be ${found.join(' or ')}`);
    return found[0];
  }

  /** The bytes of an image's file. Throws StationError file-missing, no-permission. */
  async read(file: string): Promise<Uint8Array> {
    const full = path.join(this.folder, file);
    return readFile(full).catch((error: unknown) => {
      throw wordReadFault(error, full);
    });
  }

  /** An image, its values as its file's bytes store them. Throws StationError invalid-input, unreadable-file. */
  async decode(file: string, bytes: Uint8Array): Promise<DecodedImage> {
    let pixels: DecodedImage | undefined;
    try {
      pixels = await decodeByContent(bytes);
    } catch (error) {
      const reason = `${file}: ${error instanceof Error ? error.message : String(error)}`;
      throw new StationError('unreadable-file', { reason }, { cause: error });
    }
    if (pixels === undefined)
      throw badFile(
        file,
        undefined,
        'it is no PNG, JPEG, DICOM or PGM image, whatever its name says; convert it, or take it out of the labels',
      );
    return pixels;
  }
}
