import type { RunStage } from '../shared/training/run-states.ts';
import type { RunContext } from './run-context.ts';

/** At most five reports of progress a second. */
export const reportEveryMs = 200;

/** Tells main that a stage begins; the answer reports how far it is, often called and seldom heard. */
export function beginStage(
  { report, nowMs }: Pick<RunContext, 'report' | 'nowMs'>,
  stage: RunStage,
  total: number,
): (done: number) => void {
  report({ kind: 'stage', stage, total });
  let toldAtMs = nowMs();
  return (done) => {
    if (done < total && nowMs() - toldAtMs < reportEveryMs) return;
    toldAtMs = nowMs();
    report({ kind: 'progress', stage, done, total });
  };
}
