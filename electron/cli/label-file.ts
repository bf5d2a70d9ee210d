import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Application } from '../app/application.ts';
import { wordFileError } from '../app/file-errors.ts';
import type { Output } from './output.ts';

/** Takes a CSV file of labels before a run. Throws StationError file-missing, no-permission, invalid-input and those of `labels.import`. */
export async function importLabelFile(
  application: Application,
  file: string,
  skipUnknown: boolean,
  output: Output,
): Promise<void> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw wordFileError(error, file, path.dirname(file));
  });
  const { images, classes, skipped } = await application.call('labels.import', {
    name: path.basename(file).slice(0, 200),
    base64: bytes.toString('base64'),
    skipUnknown,
  });
  const counts = classes.map(({ label, images: count }) => `${label}: ${count}`).join(', ');
  output.say(`Labels of ${images} images (${counts}); ${skipped} lines skipped.`);
}
