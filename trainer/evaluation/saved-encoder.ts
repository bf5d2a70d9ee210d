import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type EncoderName, encoderNames } from '../../shared/training/run-configuration.ts';
import { type RecipeName, recipeNames } from '../../shared/training/view-recipes.ts';
import { decodeSafetensors } from '../safetensors.ts';

/** An encoder as its file holds it. */
export type SavedEncoder = {
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly encoder: EncoderName;
  /** Pixels of the pictures that it was trained on. */
  readonly imageHeight: number;
  readonly imageWidth: number;
  /** Recipe of these pictures; undefined: a file of an earlier version, which does not tell. */
  readonly recipe: RecipeName | undefined;
  /** Weights and batch norm's running statistics by torchvision's names. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
};

/** Reads an encoder that a run saved. Throws where the file is damaged or says not what it is. */
export async function readSavedEncoder(file: string): Promise<SavedEncoder> {
  const bytes = await readFile(file);
  const { tensors, metadata } = decodeSafetensors(bytes);
  const encoder = encoderNames.find((name) => name === metadata['encoder']);
  const imageHeight = Number(metadata['imageSide']);
  // Files of earlier versions name one side: their pictures were square.
  const imageWidth = Number(metadata['imageWidth'] ?? imageHeight);
  if (encoder === undefined || !(imageHeight > 0) || !(imageWidth > 0))
    throw new Error(`The file ${file} does not say which encoder it holds.`);
  const named = metadata['recipe'];
  const recipe = recipeNames.find((name) => name === named);
  if (named !== undefined && recipe === undefined)
    throw new Error(
      `The encoder in ${file} was trained by the recipe "${named}", which is not known here.`,
    );
  return {
    recipe,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    encoder,
    imageHeight,
    imageWidth,
    tensors: new Map(tensors.map(({ name, values }) => [name, values])),
  };
}
