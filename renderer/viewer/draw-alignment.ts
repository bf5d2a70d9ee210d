import type { Fixation } from '../../shared/gaze/fixations.ts';
import type { ImageSize } from '../../shared/gaze/image-gaze.ts';
import { measureScale } from './draw-gaze.ts';

/** A look of a scanpath that takes part in an alignment. */
export type AlignedMark = {
  /** Fixations at which it begins and ends, from 0. */
  readonly from: number;
  readonly to: number;
  /** Numbers of its steps, as they stand on both sides. */
  readonly text: string;
  /** Place in time, 0 to 1; the same on both sides. */
  readonly share: number;
  readonly chosen: boolean;
};

/** Blue to amber in even steps of one lightness. */
export const markColour = (share: number, alpha = 1): string =>
  `hsl(${Math.round(205 - 170 * share)} 52% 62% / ${alpha})`;

/** Draws the looks of one side with the numbers of their steps; a chosen one stands out. */
export function drawAlignment(
  canvas: HTMLCanvasElement,
  size: ImageSize,
  fixations: readonly Fixation[],
  marks: readonly AlignedMark[],
): void {
  const scaled = measureScale(canvas, size);
  if (scaled === undefined) return;
  const { context, place } = scaled;
  const anyChosen = marks.some(({ chosen }) => chosen);
  context.font = '600 11px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const ordered = marks.toSorted((a, b) => Number(a.chosen) - Number(b.chosen));
  for (const { from, to, share, chosen } of ordered) {
    const [start, end] = [fixations[from], fixations[to]];
    if (start === undefined || end === undefined) continue;
    context.strokeStyle = markColour(share, chosen || !anyChosen ? 0.95 : 0.4);
    context.lineWidth = chosen ? 4 : 1.5;
    context.beginPath();
    context.moveTo(...place(start));
    context.lineTo(...place(end));
    context.stroke();
  }
  for (const { from, text, share, chosen } of ordered) {
    const fixation = fixations[from];
    if (fixation === undefined) continue;
    const [x, y] = place(fixation);
    const half = Math.max(9, context.measureText(text).width / 2 + 5);
    context.beginPath();
    context.roundRect(x - half, y - 9, 2 * half, 18, 9);
    context.fillStyle = `rgb(8 14 18 / ${chosen || !anyChosen ? 0.85 : 0.55})`;
    context.fill();
    context.strokeStyle = markColour(share, chosen || !anyChosen ? 1 : 0.45);
    context.lineWidth = chosen ? 3 : 1.5;
    context.stroke();
    context.fillStyle = chosen || !anyChosen ? 'rgb(205 220 228)' : 'rgb(140 150 158)';
    context.fillText(text, x, y);
  }
}
