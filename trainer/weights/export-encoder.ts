import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StationError } from '../../shared/station-error.ts';
import type { EncoderFormat } from '../../shared/training/encoder-formats.ts';
import { unknownPreprocessing } from '../../shared/training/preprocessing.ts';
import { decodeSafetensors, encodeSafetensors } from '../safetensors.ts';
import { writeWhole } from '../write-file.ts';
import { encodeOnnx } from './encode-onnx.ts';

const form =
  'images: float32 [batch, 3, height, width], height by imageSide, width by imageWidth. ' +
  'features: float32 [batch, length], before any head.';

/**
 * Writes a run's encoder (safetensors of `saveEncoder`, whose SHA-256 must be `sha256`) to `target` in a
 * format, with how pictures are prepared for it as far as that is known. Throws StationError file-missing, unreadable-file.
 */
export async function exportEncoder(
  source: { readonly file: string; readonly sha256: string },
  target: string,
  format: EncoderFormat,
): Promise<{ readonly file: string; readonly sha256: string; readonly parameters: number }> {
  const bytes = await readFile(source.file).catch((error: unknown) => {
    throw new StationError('file-missing', { file: source.file }, { cause: error });
  });
  const hashOf = (content: Uint8Array): string =>
    createHash('sha256').update(content).digest('hex');
  if (hashOf(bytes) !== source.sha256)
    throw new StationError('unreadable-file', {
      reason: 'the encoder is not the one that the run wrote',
    });
  const { tensors, metadata } = decodeSafetensors(bytes);
  // What was done was written when it was done; files of earlier versions do not say it.
  const preprocessing = metadata['preprocessing'] ?? unknownPreprocessing;
  const told = { ...metadata, recipe: metadata['recipe'] ?? 'not known', preprocessing, form };
  const content = format === 'onnx' ? encodeOnnx(tensors, told) : encodeSafetensors(tensors, told);
  await writeWhole(target, content);
  const isStatistic = (name: string): boolean => /\.running_(?:mean|var)$/u.test(name);
  const parameters = tensors
    .filter(({ name }) => !isStatistic(name))
    .reduce((sum, { values }) => sum + values.length, 0);
  return { file: target, sha256: hashOf(content), parameters };
}
