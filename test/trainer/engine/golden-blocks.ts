import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GradientSummary } from '../../../trainer/engine/gradient-summary.ts';

/** A block's or a whole step's numbers in PyTorch's double precision, by `scripts/make-golden-blocks.py`. */
export type GoldenBlock = {
  /** The first of the seeds that were tried whose units lie clear of the bends. */
  readonly seed: number;
  /** How many times further from the bend of its ReLU the nearest unit lies than single precision moves any. */
  readonly clearance: number;
  /** By the name of a bias: what is added to it, in 1/256, as base64 of signed bytes. */
  readonly shifts: Readonly<Record<string, string>>;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, GradientSummary>>;
};

/** By the names of `everyCase` and `wholeCases`. */
export function readGoldenBlocks(): Readonly<Record<string, GoldenBlock>> {
  const file = path.join(import.meta.dirname, '../../golden/training-blocks.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, GoldenBlock>>;
}

/** The weights with a golden block's shifts added to its biases. */
export function shiftBiases(
  weights: ReadonlyMap<string, Float32Array>,
  { shifts }: GoldenBlock,
): Map<string, Float32Array> {
  const shifted = new Map(weights);
  for (const [name, encoded] of Object.entries(shifts)) {
    const values = weights.get(name);
    const bytes = Buffer.from(encoded, 'base64');
    if (values?.length !== bytes.length) throw new Error(`The shifts of ${name} do not fit.`);
    shifted.set(
      name,
      values.map((value, i) => value + bytes.readInt8(i) / 256),
    );
  }
  return shifted;
}
