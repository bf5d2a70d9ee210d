import type { MinedCount, RunDetail } from '../../shared/ipc/answers.ts';
import { leastSpread } from '../../shared/training/embedding-spread.ts';
import { minedMeasures, type RunConfiguration } from '../../shared/training/run-configuration.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';

const words = messages.training;

/** More positives than this for each of an image's own: what tells the image from others is drowned. */
const mostPerOwn = 2;

/** Before so many steps the spread says nothing yet. */
const earliestStep = 100;

/**
 * Positives from gaze for each of an image's own (its other view, its earlier keys in the queue) that a step has on
 * average where this many pairs of those compared are alike.
 */
export function positivesPerOwn(
  configuration: RunConfiguration,
  { found, compared, images }: Pick<MinedCount, 'found' | 'compared' | 'images'>,
): number {
  if (compared === 0) return 0;
  const { method, queueLength, batchImages, ownKeys, dropProbability } = configuration;
  const others = method === 'moco-v2' ? queueLength : batchImages - 1;
  const own = 1 + (method === 'moco-v2' && ownKeys === 'positive' ? queueLength / images : 0);
  return ((found / compared) * others * (1 - dropProbability)) / own;
}

/** What a person should know of a run that goes on all the same: sentences, none where nothing is wrong. */
export function findRunWarnings({
  configuration,
  mined,
  points,
}: Pick<RunDetail, 'configuration' | 'mined' | 'points'>): readonly string[] {
  const giving = minedMeasures({ ...configuration, measures: [] });
  const crowded = mined
    .filter(({ measure }) => configuration.useGaze && giving.includes(measure))
    .filter((count) => positivesPerOwn(configuration, count) > mostPerOwn)
    .map((count) =>
      fill(words.manyPairs, {
        measure: words.measures[count.measure],
        share: Math.round((100 * count.found) / count.compared),
        times: positivesPerOwn(configuration, count).toFixed(1),
      }),
    );
  const last = points.at(-1);
  const spread = last?.embeddingSpread ?? null;
  if (last === undefined || spread === null || last.step < earliestStep || spread >= leastSpread)
    return crowded;
  const low = fill(words.spreadLow, { spread: spread.toFixed(2) });
  return [...crowded, configuration.useGaze ? `${low} ${words.fewerPositives}` : low];
}
