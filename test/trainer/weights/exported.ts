import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Random } from '../../../shared/random.ts';
import { initialWeights } from '../../../trainer/engine/initial-weights.ts';
import { describeEncoder } from '../../../trainer/models/encoder.ts';
import type { NamedTensor } from '../../../trainer/safetensors.ts';

/** Seeded tensors of an encoder, with statistics and biases that matter. */
export function makeEncoder(
  encoder: Parameters<typeof describeEncoder>[0],
  side: number,
  random: Random,
): NamedTensor[] {
  const { parameters, statistics } = describeEncoder(encoder, side);
  const weights = initialWeights(parameters, random);
  const tensors = parameters.map(({ name, shape }) => ({
    name,
    shape,
    values: (weights.get(name) ?? new Float32Array(0)).map(
      (value) => value + 0.02 * random.normal(),
    ),
  }));
  const measured = statistics.map(({ name, shape: [channels = 0] }) => ({
    name,
    shape: [channels],
    values: Float32Array.from({ length: channels }, () =>
      name.endsWith('var') ? 0.5 + random.next() : 0.1 * random.normal(),
    ),
  }));
  return [...tensors, ...measured];
}

/** |a - b| / |b| over all numbers. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let length = 0;
  for (let i = 0; i < b.length; i += 1) {
    difference += ((a[i] ?? Number.NaN) - (b[i] ?? 0)) ** 2;
    length += (b[i] ?? 0) ** 2;
  }
  return Math.sqrt(difference / length);
}

/** Features by ONNX Runtime, float32. */
export async function embedWithOnnx(
  model: Uint8Array,
  images: Float32Array,
  side: number,
  channels = 3,
): Promise<Float32Array> {
  const session = await InferenceSession.create(model);
  try {
    const shape = [images.length / (channels * side * side), channels, side, side];
    const { features } = await session.run({ images: new Tensor('float32', images, shape) });
    if (!(features?.data instanceof Float32Array)) throw new Error('There are no features.');
    return features.data;
  } finally {
    await session.release();
  }
}

/** An exported encoder with images to embed; `heads` is 0 for a ResNet. */
export type TorchJob = {
  readonly safetensors: Uint8Array;
  readonly images: Float32Array;
  readonly side: number;
  readonly heads: number;
};

/** Features by PyTorch in double precision, for each job; one process, since torch takes seconds to load. */
export function embedWithPytorch(python: string, jobs: readonly TorchJob[]): Float64Array[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-torch-'));
  try {
    const files = jobs.map(({ safetensors, images, side, heads }, k) => {
      const place = (name: string): string => path.join(folder, `${k}-${name}`);
      const [encoder, pixels, out] = [place('encoder'), place('images'), place('out')] as const;
      writeFileSync(encoder, safetensors);
      writeFileSync(pixels, Buffer.from(images.buffer, images.byteOffset, images.byteLength));
      return { out, words: [encoder, pixels, String(side), String(heads), out] };
    });
    const script = path.resolve(import.meta.dirname, '../../../scripts/embed-with-pytorch.py');
    const { status, stderr } = spawnSync(python, [script, ...files.flatMap(({ words }) => words)], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    if (status !== 0) throw new Error(`PyTorch refused an encoder: ${stderr}`);
    return files.map(({ out }) => {
      const bytes = readFileSync(out);
      return new Float64Array(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
      );
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
