import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type EncoderName, encoderNames } from '../../shared/training/run-configuration.ts';
import { decodeSafetensors } from '../safetensors.ts';

/** An encoder as its file holds it. */
export type SavedEncoder = {
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly encoder: EncoderName;
  /** Pixels. */
  readonly imageSide: number;
  /** Weights and batch norm's running statistics by torchvision's names. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
};

/** Reads an encoder that a run saved. Throws where the file is damaged or says not what it is. */
export async function readSavedEncoder(file: string): Promise<SavedEncoder> {
  const bytes = await readFile(file);
  const { tensors, metadata } = decodeSafetensors(bytes);
  const encoder = encoderNames.find((name) => name === metadata['encoder']);
  const imageSide = Number(metadata['imageSide']);
  if (encoder === undefined || !(imageSide > 0))
    throw new Error(`The file ${file} does not say which encoder it holds.`);
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    encoder,
    imageSide,
    tensors: new Map(tensors.map(({ name, values }) => [name, values])),
  };
}
