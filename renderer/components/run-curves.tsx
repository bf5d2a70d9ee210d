import { type ReactNode, useMemo } from 'react';
import type { RunDetail, RunProgressPoint } from '../../shared/ipc/answers.ts';
import { hasEnded } from '../../shared/training/run-states.ts';
import { fill } from '../messages/fill.ts';
import { formatBytes } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { Curve, type CurveLine } from './curve.tsx';
import styles from './run-detail.module.css';

const words = messages.training;

const figures = {
  loss: (point: RunProgressPoint) => point.loss,
  learningRate: (point: RunProgressPoint) => point.learningRate,
  imagesPerSecond: (point: RunProgressPoint) => point.imagesPerSecond,
  spread: (point: RunProgressPoint) => point.embeddingSpread,
} as const;

type ShownRun = Pick<RunDetail, 'runId' | 'points' | 'memory'>;

const labelOf = ({ runId }: ShownRun): string => fill(words.run, { id: String(runId) });

/** A figure of each run by step. */
function linesOf(runs: readonly ShownRun[], figure: keyof typeof figures): readonly CurveLine[] {
  return runs.map((run) => ({
    label: labelOf(run),
    xs: run.points.map(({ step }) => step),
    ys: run.points.map(figures[figure]),
  }));
}

/** Memory of each run by minutes since its first figure. */
function memoryLines(runs: readonly ShownRun[]): readonly CurveLine[] {
  return runs.map((run) => {
    const from = run.memory[0]?.atMs ?? 0;
    return {
      label: labelOf(run),
      xs: run.memory.map(({ atMs }) => (atMs - from) / 60_000),
      ys: run.memory.map(({ residentBytes }) => residentBytes),
    };
  });
}

/** Loss, learning rate, speed, spread and memory of the runs, over each other. */
export function CurvesOf({ runs }: { readonly runs: readonly ShownRun[] }): ReactNode {
  const lines = useMemo(
    () => ({
      loss: linesOf(runs, 'loss'),
      learningRate: linesOf(runs, 'learningRate'),
      imagesPerSecond: linesOf(runs, 'imagesPerSecond'),
      spread: linesOf(runs, 'spread'),
      memory: memoryLines(runs),
    }),
    [runs],
  );
  const trained = runs.some(({ points }) => points.length > 0);
  const remembered = runs.some(({ memory }) => memory.length > 1);
  return (
    <>
      {trained && <Curve title={words.lossChart} lines={lines.loss} heightPx={190} />}
      <div className={styles['small']}>
        {trained && (
          <>
            <Curve title={words.rateChart} lines={lines.learningRate} heightPx={110} />
            <Curve title={words.speedChart} lines={lines.imagesPerSecond} heightPx={110} />
            <Curve title={words.spreadChart} lines={lines.spread} heightPx={110} />
          </>
        )}
        {remembered && (
          <Curve
            title={words.memoryChart}
            lines={lines.memory}
            heightPx={110}
            format={formatBytes}
          />
        )}
      </div>
    </>
  );
}

/** The curves of one run, or when they come. */
export function RunCurves({ run }: { readonly run: RunDetail }): ReactNode {
  const { runId, points, memory, state } = run;
  const runs = useMemo(() => [{ runId, points, memory }], [runId, points, memory]);
  return (
    <>
      {points.length === 0 && !hasEnded(state) && (
        <p className={styles['quiet']}>{words.noPoints}</p>
      )}
      <CurvesOf runs={runs} />
    </>
  );
}
