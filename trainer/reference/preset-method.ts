import type { Random } from '../../shared/random.ts';
import type { Preset, PresetHead } from '../../shared/training/preset.ts';
import { emptyImageIds } from '../methods/memory-queue.ts';
import { createAdamw, createLars, createSgd, type Optimizer } from '../optimizers.ts';
import { createReferenceByol, createReferenceSimsiam } from './latent-methods.ts';
import type { Layer } from './layers.ts';
import type { ReferenceMethod } from './method.ts';
import { createReferenceMoco } from './moco.ts';
import { createReferenceSimclr } from './simclr.ts';

/** Layers of a head under a prefix; batch norm and ReLU stand behind the hidden ones. */
export function headLayers(prefix: string, { lengths, batchNorm }: PresetHead): Layer[] {
  const last = lengths.length - 2;
  return lengths.slice(1).flatMap((_, n): Layer[] => {
    const norm: Layer = { kind: 'batch-norm', name: `${prefix}.bn${n}` };
    const normalised = batchNorm === 'all' || (batchNorm === 'hidden' && n < last);
    return [
      { kind: 'linear', name: `${prefix}.fc${n}` },
      ...(normalised ? [norm] : []),
      ...(n < last ? [{ kind: 'relu' } as const] : []),
    ];
  });
}

/** Seeded arrays of a head: linear layers uniform in +-1 / sqrt(inputs), batch norm 1 and 0. */
function headArrays(prefix: string, head: PresetHead, random: Random): Map<string, Float64Array> {
  const { lengths, lastAffine, hiddenBias, lastBias } = head;
  const last = lengths.length - 2;
  const normalised = new Set(
    headLayers(prefix, head).map((layer) => 'name' in layer && layer.name),
  );
  const arrays = new Map<string, Float64Array>();
  for (const [n, length] of lengths.slice(1).entries()) {
    const inputs = lengths[n] ?? 0;
    const uniform = (size: number): Float64Array =>
      Float64Array.from({ length: size }, () => (2 * random.next() - 1) / Math.sqrt(inputs));
    arrays.set(`${prefix}.fc${n}.weight`, uniform(length * inputs));
    if (n < last ? hiddenBias : lastBias) arrays.set(`${prefix}.fc${n}.bias`, uniform(length));
    const norm = `${prefix}.bn${n}`;
    if (!normalised.has(norm)) continue;
    if (n < last || lastAffine) {
      arrays.set(`${norm}.weight`, new Float64Array(length).fill(1));
      arrays.set(`${norm}.bias`, new Float64Array(length));
    }
    arrays.set(`${norm}.running_mean`, new Float64Array(length));
    arrays.set(`${norm}.running_var`, new Float64Array(length).fill(1));
  }
  return arrays;
}

/** The same arrays, copied, under another prefix: a momentum encoder begins as a copy. */
const copiedUnder = (
  arrays: ReadonlyMap<string, Float64Array>,
  from: string,
  to: string,
): Map<string, Float64Array> =>
  new Map([...arrays].map(([name, values]) => [to + name.slice(from.length), values.slice()]));

/** A preset's method over the encoder's features, which stand for the images: `[batch, features]`. */
export function buildReferenceMethod({ method }: Preset, random: Random): ReferenceMethod {
  const neck = headLayers('neck', method.neck);
  const copy = headLayers('copy', method.neck);
  const own = headArrays('neck', method.neck, random);
  const copied = copiedUnder(own, 'neck', 'copy');
  switch (method.kind) {
    case 'moco': {
      const { queueLength, keyMomentum, temperature, ownKeys } = method;
      return createReferenceMoco({
        arrays: new Map([...own, ...copied]),
        query: neck,
        key: copy,
        queue: {
          keys: new Float64Array(queueLength * (method.neck.lengths.at(-1) ?? 0)),
          imageIds: emptyImageIds(queueLength),
          place: new Float64Array(1),
        },
        keyMomentum,
        temperature,
        policy: { ownKeys },
      });
    }
    case 'byol':
    case 'simsiam': {
      const predictor = headLayers('predictor', method.predictor);
      const arrays = new Map([...own, ...headArrays('predictor', method.predictor, random)]);
      if (method.kind === 'simsiam')
        return createReferenceSimsiam({ arrays, encoder: neck, predictor });
      const both = new Map([...arrays, ...copied]);
      return createReferenceByol({ arrays: both, online: neck, target: copy, predictor });
    }
    case 'simclr':
      return createReferenceSimclr({
        arrays: own,
        encoder: neck,
        temperature: method.temperature,
      });
    default:
      return method satisfies never;
  }
}

/** A preset's optimiser in double precision; LARS leaves out everything but the weights of linear layers. */
export function buildReferenceOptimizer({ optimizer }: Preset): Optimizer<Float64Array> {
  switch (optimizer.kind) {
    case 'sgd':
      return createSgd(optimizer);
    case 'adamw':
      return createAdamw(optimizer);
    case 'lars':
      return createLars({ ...optimizer, isExcluded: (name) => !/\.fc\d+\.weight$/u.test(name) });
    default:
      return optimizer satisfies never;
  }
}
