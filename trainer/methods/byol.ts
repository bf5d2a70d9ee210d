import { batchPositives } from '../losses/positive-labels.ts';
import { targetMomentumAt } from '../schedules.ts';
import type { Method } from './method.ts';
import { followWeights } from './momentum-update.ts';

export type ByolOptions = {
  /** The target's momentum at the start; it rises to 1 over `totalIterations`. */
  readonly baseMomentum: number;
  readonly totalIterations: number;
  /** Weights of the online encoder at the start; the target begins as their copy, without the prediction head. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** State of an earlier run. */
  readonly restored?: ReadonlyMap<string, Float32Array>;
};

const targetName = (name: string): string => `target.${name}`;

/**
 * BYOL (Grill et al. 2020) with gaze positives (mcgip section 8): the target's weights follow after each step of the
 * optimiser, batch norm's statistics do not.
 */
export function createByol(options: ByolOptions): Method {
  const { baseMomentum, totalIterations, weights, restored } = options;
  const followers = new Map<string, Float32Array>();
  for (const [name, values] of weights)
    if (!name.startsWith('predictor.'))
      followers.set(name, (restored?.get(targetName(name)) ?? values).slice());
  return {
    name: 'byol',
    state: new Map([...followers].map(([name, values]) => [targetName(name), values])),
    queueIds: [],
    step: async (engine, { imageIds, view1, view2 }, alike) => {
      const target1 = await engine.project(view1, followers);
      const target2 = await engine.project(view2, followers);
      const positives = batchPositives(imageIds, alike);
      return engine.step({ kind: 'byol', view1, view2, target1, target2, positives });
    },
    afterIteration: (iteration, stepped) => {
      if (stepped)
        followWeights(
          followers,
          weights,
          targetMomentumAt(iteration, totalIterations, baseMomentum),
        );
    },
  };
}
