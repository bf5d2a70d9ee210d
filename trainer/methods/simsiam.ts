import { batchPositives } from '../losses/positive-labels.ts';
import type { Method } from './method.ts';

/** SimSiam (Chen and He 2021) with gaze positives: the target of an image is also that of images looked at alike. */
export function createSimsiam(): Method {
  return {
    name: 'simsiam',
    state: new Map(),
    queueIds: [],
    step: (engine, { imageIds, view1, view2 }, alike) =>
      engine.step({ kind: 'simsiam', view1, view2, positives: batchPositives(imageIds, alike) }),
  };
}
