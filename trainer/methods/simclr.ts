import { viewPositives } from '../losses/positive-labels.ts';
import type { Method } from './method.ts';

/** SimCLR (Chen et al. 2020) with gaze positives in all four blocks of the two views. */
export function createSimclr(): Method {
  return {
    name: 'simclr',
    state: new Map(),
    queueIds: [],
    step: (engine, { imageIds, view1, view2 }, alike) =>
      engine.step({ kind: 'simclr', view1, view2, positives: viewPositives(imageIds, alike) }),
  };
}
