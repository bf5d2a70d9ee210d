import type { ReadDatabase } from '../../../shared/database/open.ts';
import { listRuns } from '../../../shared/database/runs.ts';
import { findSchedule } from '../../../shared/database/schedule.ts';
import { runConfiguration } from '../../../shared/training/run-configuration.ts';
import { hasEnded } from '../../../shared/training/run-states.ts';

/** What will begin from a model's weights: a run that has not ended, or the schedule; undefined where nothing does. */
export function findFollower(database: ReadDatabase, sha256: string): string | undefined {
  const begins = (configuration: unknown): boolean => {
    const { data } = runConfiguration.safeParse(configuration);
    return data?.initialWeights.from === 'model' && data.initialWeights.sha256 === sha256;
  };
  const run = listRuns(database).find(
    ({ state, configuration }) => !hasEnded(state) && begins(JSON.parse(configuration)),
  );
  if (run !== undefined) return `run ${run.id}`;
  return begins(findSchedule(database)?.configuration) ? 'the schedule' : undefined;
}
