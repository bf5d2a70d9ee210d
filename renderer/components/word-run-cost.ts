import type { RunRow } from '../../shared/ipc/answers.ts';
import { countMultiplyAdds } from '../../shared/training/encoder-work.ts';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { formatDuration, formatFigure } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { fill, fillCount } from '../messages/fill.ts';

const words = messages.runForm;

type Sized = Pick<RunConfiguration, 'encoder' | 'imageSide' | 'imageWidth'>;

const workOf = ({ encoder, imageSide, imageWidth }: Sized): number =>
  countMultiplyAdds(encoder, imageSide, imageWidth ?? imageSide);

/** Whether a step of both does the same: what a run's speed depends on. */
const isLike = (a: RunConfiguration, b: RunConfiguration): boolean =>
  a.encoder === b.encoder &&
  a.method === b.method &&
  a.imageSide === b.imageSide &&
  a.imageWidth === b.imageWidth &&
  a.batchImages === b.batchImages;

/**
 * What a run will cost, in sentences: only what is computed, or was measured by an earlier run on this machine; of
 * those the newest that was alike, else the newest.
 */
export function wordRunCost(
  configuration: RunConfiguration,
  runs: readonly RunRow[],
): readonly string[] {
  const { epochs, batchImages } = configuration;
  const work = workOf(configuration);
  const { cost } = words;
  const needs = fill(cost.needs, { n: batchImages });
  const measured = runs.filter((run) => (run.imagesPerSecond ?? 0) > 0);
  const alike = measured.find((run) => isLike(run.configuration, configuration));
  const other = alike ?? measured[0];
  const speed = other?.imagesPerSecond ?? 0;
  const workBeside = (of: Sized): string => {
    const times = formatFigure(work / workOf(of), 2);
    return times === '1' ? cost.asMuch : fill(cost.timesAsMuch, { times });
  };
  if (other === undefined)
    return [fill(cost.unmeasured, { work: workBeside(demonstrationConfiguration) }), needs];
  if (alike === undefined || alike.images === null)
    return [
      fill(cost.times, {
        run: String(other.runId),
        work: workBeside(other.configuration),
        speed: formatFigure(speed),
      }),
      needs,
    ];
  return [
    fill(cost.same, {
      run: String(alike.runId),
      speed: formatFigure(speed),
      epochs: fillCount(words.epochs, epochs),
      images: alike.images,
      time: formatDuration((1000 * epochs * alike.images) / speed),
    }),
    needs,
  ];
}
