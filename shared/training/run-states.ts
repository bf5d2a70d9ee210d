/** queued -> running <-> paused -> ended; the last four are the ends. Written by main alone. */
export const runStates = [
  'queued',
  'running',
  'paused',
  'done',
  'cancelled',
  'failed',
  'interrupted',
] as const;
export type RunState = (typeof runStates)[number];

export const runStages = [
  'snapshot',
  'mine',
  'prepare-images',
  'pretrain',
  'save',
  'evaluate',
] as const;
export type RunStage = (typeof runStages)[number];

/** True once a run can no longer change. */
export function hasEnded(state: RunState): boolean {
  return state !== 'queued' && state !== 'running' && state !== 'paused';
}

/** What began a run: a person, or the schedule because of new readings, new pairs or the time of day. */
export const runStarts = ['hand', 'readings', 'pairs', 'time'] as const;
export type RunStart = (typeof runStarts)[number];
