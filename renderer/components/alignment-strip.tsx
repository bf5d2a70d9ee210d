import type { ReactNode } from 'react';
import type { ExplainedAlignment } from '../../shared/gaze/similarity/explain-multimatch.ts';
import { stepSimilarity } from '../../shared/gaze/similarity/explain-multimatch.ts';
import { stationMultimatch } from '../../shared/gaze/similarity/multimatch.ts';
import { fill, fillCount } from '../messages/fill.ts';
import { formatFigure } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { markColour } from '../viewer/draw-alignment.ts';
import styles from './alignment-strip.module.css';

const words = messages.cases;
const names = messages.pairs.similarity.multimatch;

/** The steps of an alignment in the order of time, each with how alike it is; one of them may be chosen. */
export function AlignmentStrip({
  alignment,
  chosen,
  onChoose,
}: {
  readonly alignment: ExplainedAlignment;
  readonly chosen: number | undefined;
  readonly onChoose: (step: number | undefined) => void;
}): ReactNode {
  const { steps, saccadesA, saccadesB } = alignment;
  const step = chosen === undefined ? undefined : steps[chosen];
  const [a, b] = [saccadesA[step?.a ?? -1], saccadesB[step?.b ?? -1]];
  return (
    <section className={styles['strip']} aria-label={words.alignment} data-testid="alignment">
      <div className={styles['steps']}>
        {steps.map((each, n) => {
          const parts = stepSimilarity(each, stationMultimatch);
          const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length;
          const share = steps.length < 2 ? 0 : n / (steps.length - 1);
          return (
            <button
              key={`${each.a} ${each.b}`}
              type="button"
              aria-pressed={n === chosen}
              className={styles['step']}
              onClick={() => onChoose(n === chosen ? undefined : n)}
              onMouseEnter={() => onChoose(n)}
            >
              <span
                className={styles['bar']}
                style={{ height: `${Math.round(26 * mean)}px`, background: markColour(share) }}
              />
              {n + 1}
            </button>
          );
        })}
      </div>
      <p role="status" className={styles['said']}>
        {step === undefined || a === undefined || b === undefined ? (
          <>
            {fillCount(words.steps, steps.length)}. {words.stepsHint}
          </>
        ) : (
          <>
            {fill(words.step, {
              n: (chosen ?? 0) + 1,
              of: steps.length,
              from: a.from + 1,
              to: a.to + 1,
              fromB: b.from + 1,
              toB: b.to + 1,
            })}
            :{' '}
            {stepSimilarity(step, stationMultimatch)
              .map((value, k) => `${names[k]?.toLowerCase() ?? ''} ${formatFigure(value)}`)
              .join(', ')}
          </>
        )}
      </p>
    </section>
  );
}
