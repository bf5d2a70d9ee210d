import type { Random } from '../../shared/random.ts';
import type { ParameterDescription } from '../backend.ts';
import { initialVitWeight } from '../models/vit.ts';
import { sizeOf } from './graph-builder.ts';

// A function of its own, so that V8 compiles the loop as a whole (trainer/optimizers.ts).
function drawNormal(values: Float32Array, random: Random, deviation: number): void {
  for (let i = 0; i < values.length; i += 1) values[i] = random.normal() * deviation;
}

/**
 * Seeded initial weights as torchvision has them: convolutions He normal by fan-out, batch norm 1 and 0,
 * linear layers uniform in +-1 / sqrt(fan-in); vision transformers as timm has them.
 */
export function initialWeights(
  parameters: readonly ParameterDescription[],
  random: Random,
): Map<string, Float32Array<ArrayBuffer>> {
  const weights = new Map<string, Float32Array<ArrayBuffer>>();
  const fanIns = new Map<string, number>();
  for (const { name, shape } of parameters)
    if (shape.length === 2) fanIns.set(name.replace(/weight$/u, ''), shape[1] ?? 1);
  for (const { name, shape } of parameters) {
    const ofVit = initialVitWeight(name, sizeOf(shape), random);
    if (ofVit !== undefined) {
      weights.set(name, ofVit);
      continue;
    }
    const values = new Float32Array(sizeOf(shape));
    const [out = 1, , kernel = 1] = shape;
    if (shape.length === 4) {
      drawNormal(values, random, Math.sqrt(2 / (out * kernel * kernel)));
    } else {
      const fanIn = fanIns.get(name.replace(/(?:weight|bias)$/u, ''));
      if (fanIn === undefined) values.fill(name.endsWith('weight') ? 1 : 0);
      else {
        const bound = 1 / Math.sqrt(fanIn);
        for (let i = 0; i < values.length; i += 1) values[i] = (random.next() * 2 - 1) * bound;
      }
    }
    weights.set(name, values);
  }
  return weights;
}
