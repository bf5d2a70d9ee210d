import type { RunRow } from '../../shared/ipc/answers.ts';
import { countMultiplyAdds } from '../../shared/training/encoder-work.ts';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';
import { formatDuration, formatFigure } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { fill, fillCount } from '../messages/fill.ts';

const words = messages.runForm;

type Sized = Pick<RunConfiguration, 'encoder' | 'imageSide' | 'imageWidth'>;

const workOf = ({ encoder, imageSide, imageWidth }: Sized): number =>
  countMultiplyAdds(encoder, imageSide, imageWidth ?? imageSide);

const wordWork = (work: number): string =>
  work >= 1e9
    ? fill(words.work.billion, { n: formatFigure(work / 1e9, 2) })
    : fill(words.work.million, { n: formatFigure(work / 1e6, 2) });

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
  const { encoder, imageSide, imageWidth, epochs, batchImages } = configuration;
  const work = workOf(configuration);
  const { cost } = words;
  const said = [
    fill(cost.work, {
      work: wordWork(work),
      encoder: messages.training.encoders[encoder],
      size: `${imageSide} × ${imageWidth ?? imageSide}`,
    }),
  ];
  const measured = runs.filter((run) => (run.imagesPerSecond ?? 0) > 0);
  const alike = measured.find((run) => isLike(run.configuration, configuration));
  const other = alike ?? measured[0];
  const speed = other?.imagesPerSecond ?? 0;
  if (other === undefined) said.push(cost.unmeasured);
  else if (alike !== undefined && alike.images !== null)
    said.push(
      fill(cost.same, {
        run: String(alike.runId),
        speed: formatFigure(speed),
        epochs: fillCount(words.epochs, epochs),
        images: alike.images,
        time: formatDuration((1000 * epochs * alike.images) / speed),
      }),
    );
  else
    said.push(
      fill(cost.times, {
        run: String(other.runId),
        times: formatFigure(work / workOf(other.configuration), 2),
        speed: formatFigure(speed),
      }),
    );
  return [...said, fill(cost.needs, { n: batchImages })];
}
