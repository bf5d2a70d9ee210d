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

/** Failures that come again: a run does the same steps over the same list of readings whenever it goes on. */
const failsAgain: ReadonlySet<string> = new Set([
  'loss-not-finite',
  'representation-collapsed',
  'too-few-images',
  'too-few-readings',
  'weights-do-not-fit',
]);

/** Whether a run can be resumed from its last checkpoint: it was interrupted, or failed for a reason that may be gone. */
export function canResume(state: RunState, errorCode: string | null): boolean {
  return state === 'interrupted' || (state === 'failed' && !failsAgain.has(errorCode ?? ''));
}

/** What began a run: a person, or the schedule because of new readings, new pairs or the time of day. */
export const runStarts = ['hand', 'readings', 'pairs', 'time'] as const;
export type RunStart = (typeof runStarts)[number];
