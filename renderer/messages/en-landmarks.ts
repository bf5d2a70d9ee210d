import type { LandmarkKind } from '../../shared/gaze/landmarks.ts';

/** Words of marking disc and fovea on the replay page. */
export const landmarkMessages = {
  group: 'Landmarks',
  kinds: { disc: 'Disc', fovea: 'Fovea' } satisfies Record<LandmarkKind, string>,
  mark: { disc: 'Mark disc (D)', fovea: 'Mark fovea (F)' } satisfies Record<LandmarkKind, string>,
  /** Name of the picture while a place on it is asked for. */
  targets: {
    disc: 'Centre of the optic disc',
    fovea: 'Fovea',
  } satisfies Record<LandmarkKind, string>,
  hint: 'Click, or arrows (Shift: finely) and Enter; Esc leaves',
  remove: 'Remove mark (Del)',
} as const;
