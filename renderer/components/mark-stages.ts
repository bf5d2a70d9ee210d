import type { RunDetail } from '../../shared/ipc/answers.ts';
import { hasEnded, type RunStage, runStages } from '../../shared/training/run-states.ts';

/** How far a stage is. */
export type StageMark = 'done' | 'now' | 'waiting' | 'stopped';

/** How far each stage of a run is, in order. */
export function markStages(
  run: Pick<RunDetail, 'state' | 'stage'>,
): readonly { readonly stage: RunStage; readonly mark: StageMark }[] {
  const at = run.stage === null ? -1 : runStages.indexOf(run.stage);
  return runStages.map((stage, index) => {
    if (run.state === 'done' || index < at) return { stage, mark: 'done' };
    if (index > at) return { stage, mark: 'waiting' };
    return { stage, mark: hasEnded(run.state) ? 'stopped' : 'now' };
  });
}
