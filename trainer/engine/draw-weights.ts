import { Worker } from 'node:worker_threads';
import type { StepDescription } from '../backend.ts';
import { siblingFile } from '../sibling-file.ts';

/** What the thread is asked, and what it answers. */
export type WeightsCommand = { readonly step: StepDescription; readonly seed: number };
export type WeightsAnswer = readonly (readonly [string, Float32Array<ArrayBuffer>])[];

/**
 * Draws a model's initial weights on a thread of its own: millions of normal deviates take seconds, in which a run can
 * mine, prepare its images and compile its step. The same as `initialWeights` with the seed's generator.
 */
export function drawWeights(
  { model, loss, batchImages }: StepDescription,
  seed: number,
): Promise<Map<string, Float32Array>> {
  const command: WeightsCommand = { step: { model, loss, batchImages }, seed };
  const drawing = new Promise<Map<string, Float32Array>>((resolve, reject) => {
    new Worker(siblingFile('weights-worker', import.meta), { workerData: command })
      .once('message', (answer: WeightsAnswer) => resolve(new Map(answer)))
      .once('error', reject)
      .once('exit', () => reject(new Error('The thread that draws weights ended without them.')));
  });
  // It is awaited in its turn; until then a failure is no unhandled one.
  drawing.catch(() => undefined);
  return drawing;
}
