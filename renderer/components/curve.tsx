import { type ReactNode, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { RunProgressPoint } from '../../shared/ipc/answers.ts';
import { formatFigure } from '../messages/formats.ts';
import styles from './curve.module.css';

type CurveProps = {
  readonly title: string;
  readonly points: readonly RunProgressPoint[];
  readonly read: (point: RunProgressPoint) => number | null;
  readonly heightPx: number;
};

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function plotOptions(title: string, width: number, height: number): uPlot.Options {
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
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map((tick) => formatFigure(tick)) },
    ],
    series: [
      {},
      {
        label: title,
        stroke: color('--accent'),
        width: 1.5,
        points: { show: false },
        spanGaps: true,
      },
    ],
  };
}

/** One figure of a run by step; the newest value stands in the title, so that the curve alone never carries it. */
export function Curve({ title, points, read, heightPx }: CurveProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = new uPlot(plotOptions(title, element.clientWidth, heightPx), [[], []], element);
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
  }, [title, heightPx]);
  useEffect(() => {
    plot.current?.setData([points.map((point) => point.step), points.map(read)]);
  }, [points, read]);
  const newest = points.at(-1);
  const value = newest === undefined ? null : read(newest);
  return (
    <figure className={styles['curve']}>
      <figcaption>
        {title}
        {value !== null && <strong>{formatFigure(value)}</strong>}
      </figcaption>
      <div ref={place} className={styles['plot']} aria-hidden="true" />
    </figure>
  );
}
