import { createRandom } from '../../../shared/random.ts';
import { GraphBuilder, sizeOf } from '../../../trainer/engine/graph-builder.ts';
import { initialWeights } from '../../../trainer/engine/initial-weights.ts';
import type { ParameterDescription } from '../../../trainer/backend.ts';
import { encodeVit, type VitName, vits } from '../../../trainer/models/vit.ts';

/** A transformer with seeded weights and images; the loss is the sum of features times `target`. */
export type VitCase = {
  readonly name: string;
  readonly encoder: VitName;
  /** ONNX: inputs by name, outputs `loss`, `features`, `d_<weight>`. */
  readonly model: Uint8Array;
  readonly parameters: readonly ParameterDescription[];
  /** Weights, `images` and `target` with their shapes, in the order of the golden program's input. */
  readonly arrays: readonly (ParameterDescription & { readonly values: Float32Array })[];
};

function makeCase(
  seed: number,
  encoder: VitName,
  [n, height, width]: readonly [number, number, number],
): VitCase {
  const random = createRandom(seed);
  const g = new GraphBuilder();
  const shapes = { images: [n, 3, height, width], target: [n, vits[encoder].width] };
  const features = encodeVit(g, g.input('images', shapes.images), encoder);
  const target = g.input('target', shapes.target);
  g.output('features', features);
  g.output('loss', g.sum(g.mul(features, target), [0, 1], false));
  g.onBackward(() => g.addGradient(features, target));
  g.backward();
  const weights = initialWeights(g.parameters, random);
  // Away from 0 and 1, and large enough that attention is not even.
  for (const values of weights.values())
    for (const [i, value] of values.entries()) values[i] = value + 0.08 * random.normal();
  const inputs = Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    values: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
  }));
  return {
    name: `${encoder}-${n}x${height}x${width}-${seed}`,
    encoder,
    model: g.build(),
    parameters: g.parameters,
    arrays: [
      ...g.parameters.map((each) => ({
        ...each,
        values: weights.get(each.name) ?? new Float32Array(0),
      })),
      ...inputs,
    ],
  };
}

/** Two sizes, a rectangle, and the encoder of the station itself. */
export function* makeVitCases(): Generator<VitCase, void> {
  yield makeCase(1, 'vit-tiny-test', [2, 32, 32]);
  yield makeCase(2, 'vit-tiny-test', [3, 96, 96]);
  yield makeCase(3, 'vit-tiny-test', [2, 32, 64]);
  yield makeCase(4, 'vit-s', [2, 32, 32]);
}
