import util from 'node:util';
import * as tensorflow from '@tensorflow/tfjs';
import { StationError } from '../../../shared/station-error.ts';
import { findAdapter } from '../adapter.ts';
import { findNodePackages } from './node-package.ts';

/** TensorFlow.js, whichever package it came from. */
export type Tf = typeof tensorflow;

/** What TensorFlow.js may compute on. `tensorflow-node` is libtensorflow with CUDA, where a site has it. */
export const tensorflowBackends = [
  'tensorflow-cpu',
  'tensorflow-webgpu',
  'tensorflow-node',
] as const;
export type TensorflowBackend = (typeof tensorflowBackends)[number];

/** An open backend of TensorFlow.js. */
export type OpenTensorflow = {
  readonly tf: Tf;
  /** The backend's name within TensorFlow.js. */
  readonly backend: string;
  /** For a person and for the run's record. */
  readonly version: string;
};

/** Has a cause always: that a package or a driver is not there says nothing of what it could compute. */
const unavailable = (reason: string, cause: unknown = new Error(reason)): StationError =>
  new StationError('engine-unavailable', { reason }, { cause });

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

async function setBackend(tf: Tf, backend: string): Promise<void> {
  // Without its advice for developers and without checks of every number.
  tf.enableProdMode();
  const done = await tf.setBackend(backend).catch(() => false);
  // TensorFlow.js falls back to another backend without a word.
  if (!done || tf.getBackend() !== backend)
    throw unavailable(`TensorFlow.js has no backend ${backend} here`);
}

async function openWebgpu(): Promise<OpenTensorflow> {
  const adapter = await findAdapter().catch((error: unknown) => {
    throw unavailable(`Dawn does not start: ${messageOf(error)}`, error);
  });
  if (adapter === undefined) throw unavailable('no graphics adapter for WebGPU');
  await import('@tensorflow/tfjs-backend-webgpu');
  await setBackend(tensorflow, 'webgpu');
  const version = `TensorFlow.js ${tensorflow.version.tfjs}, WebGPU on ${adapter.name}`;
  return { tf: tensorflow, backend: 'webgpu', version };
}

/** Loads the site's package. Its release is older than Node 23, which took away a function it calls. */
function loadNodePackage(): { readonly tf: Tf; readonly name: string } {
  const isNothing = (value: unknown): boolean => value === null || value === undefined;
  if (!('isNullOrUndefined' in util)) Object.assign(util, { isNullOrUndefined: isNothing });
  const reasons = new Set<string>();
  for (const { name, load } of findNodePackages())
    try {
      return { tf: load() as Tf, name };
    } catch (error) {
      reasons.add(`${name}: ${messageOf(error)}`);
    }
  throw unavailable(
    reasons.size === 0 ? 'tfjs-node-gpu is not installed' : [...reasons].join('; '),
  );
}

async function openNode(): Promise<OpenTensorflow> {
  const { tf, name } = loadNodePackage();
  await setBackend(tf, 'tensorflow');
  return { tf, backend: 'tensorflow', version: `${name} ${tf.version.tfjs}` };
}

/** Opens a backend of TensorFlow.js. Throws StationError engine-unavailable with the reason. */
export async function openTensorflow(wanted: TensorflowBackend): Promise<OpenTensorflow> {
  switch (wanted) {
    case 'tensorflow-cpu':
      await setBackend(tensorflow, 'cpu');
      return {
        tf: tensorflow,
        backend: 'cpu',
        version: `TensorFlow.js ${tensorflow.version.tfjs}, CPU`,
      };
    case 'tensorflow-webgpu':
      return openWebgpu();
    case 'tensorflow-node':
      return openNode();
    default:
      return wanted satisfies never;
  }
}
