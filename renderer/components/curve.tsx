import { type ReactNode, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatFigure } from '../messages/formats.ts';
import styles from './curve.module.css';

/** One line of a chart, in order of x. */
export type CurveLine = {
  readonly label: string;
  readonly xs: readonly number[];
  readonly ys: readonly (number | null)[];
};

type CurveProps = {
  readonly title: string;
  readonly lines: readonly CurveLine[];
  readonly heightPx: number;
  readonly format?: (value: number) => string;
};

/** Lines differ in their strokes too, so that colour alone never tells them apart. */
const strokes = [
  { token: '--accent', dash: [], sign: '──' },
  { token: '--warn', dash: [8, 4], sign: '╌╌' },
  { token: '--ok', dash: [2, 3], sign: '┈┈' },
  { token: '--danger', dash: [10, 3, 2, 3], sign: '─·' },
] as const;

const strokeOf = (index: number): (typeof strokes)[number] =>
  strokes[index % strokes.length] ?? strokes[0];

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function plotOptions(
  labels: readonly string[],
  width: number,
  height: number,
  format: (value: number) => string,
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: color('--text-2'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: color('--border'), width: 1 },
    ticks: { stroke: color('--border'), width: 1 },
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false } },
    axes: [
      { ...axis, size: 24 },
      { ...axis, size: 64, values: (_plot, ticks) => ticks.map((tick) => format(tick)) },
    ],
    series: [
      {},
      ...labels.map((label, index): uPlot.Series => {
        const { token, dash } = strokeOf(index);
        return {
          label,
          stroke: color(token),
          dash: [...dash],
          width: 1.5,
          points: { show: false },
          spanGaps: true,
        };
      }),
    ],
  };
}

/** The lines over one axis: where only one has a point the others are spanned. */
function joinLines(lines: readonly CurveLine[]): uPlot.AlignedData {
  if (lines.length === 0) return [[]];
  return uPlot.join(lines.map(({ xs, ys }) => [[...xs], [...ys]] as uPlot.AlignedData));
}

const same = (value: number): string => formatFigure(value);

/** One figure of one run or of several; the newest values stand in the title, so that a curve alone never carries them. */
export function Curve({ title, lines, heightPx, format = same }: CurveProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const newest = useRef(lines);
  useEffect(() => {
    newest.current = lines;
    plot.current?.setData(joinLines(lines));
  }, [lines]);
  const labels = JSON.stringify(lines.map(({ label }) => label));
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = new uPlot(
      plotOptions(JSON.parse(labels) as string[], element.clientWidth, heightPx, format),
      joinLines(newest.current),
      element,
    );
    plot.current = made;
    const watch = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: heightPx }),
    );
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [labels, heightPx, format]);
  return (
    <figure className={styles['curve']}>
      <figcaption>
        {title}
        {lines.map(({ label, ys }, index) => {
          const last = ys.at(-1);
          return (
            <strong key={label} data-line={index % strokes.length}>
              {lines.length > 1 && <span aria-hidden="true">{strokeOf(index).sign} </span>}
              {lines.length > 1 && `${label} `}
              {last != null && format(last)}
            </strong>
          );
        })}
      </figcaption>
      <div ref={place} className={styles['plot']} aria-hidden="true" />
    </figure>
  );
}
