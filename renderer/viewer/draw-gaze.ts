import type { Fixation } from '../../shared/gaze/fixations.ts';
import { dwellHeatmap } from '../../shared/gaze/heatmap.ts';
import type { ImageGaze, ImageSize } from '../../shared/gaze/image-gaze.ts';

/** Longer side of the grid on which a heat map is computed. */
const gridSide = 192;

/** Stops of a colour map of rising luminance: dark violet, red, orange, pale yellow. */
const stops: readonly (readonly [number, number, number])[] = [
  [40, 11, 84],
  [121, 28, 109],
  [197, 60, 74],
  [237, 121, 30],
  [250, 199, 60],
];

function colour(value: number): readonly [number, number, number] {
  const place = Math.min(0.9999, Math.max(0, value)) * (stops.length - 1);
  const i = Math.floor(place);
  const [from, to] = [stops[i], stops[i + 1]];
  if (from === undefined || to === undefined) return [0, 0, 0];
  const mix = (k: 0 | 1 | 2): number => Math.round(from[k] + (to[k] - from[k]) * (place - i));
  return [mix(0), mix(1), mix(2)];
}

/** Paints where the eye dwelt over the whole canvas, each look as wide as the reading's; clear where it never was. */
export function drawHeatmap(
  canvas: HTMLCanvasElement,
  size: ImageSize & Pick<ImageGaze, 'sigmaPx'>,
  fixations: readonly Fixation[],
): void {
  const scale = gridSide / Math.max(size.columns, size.rows);
  const width = Math.max(1, Math.round(size.columns * scale));
  const height = Math.max(1, Math.round(size.rows * scale));
  const map = dwellHeatmap(
    fixations.map(({ x, y, durationMs }) => ({
      x: (x + 0.5) * scale - 0.5,
      y: (y + 0.5) * scale - 0.5,
      weight: durationMs,
    })),
    width,
    height,
    size.sigmaPx * scale,
  );
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const pixels = context.createImageData(width, height);
  for (const [i, value] of map.entries()) {
    const [r, g, b] = colour(value);
    pixels.data.set([r, g, b, Math.round(255 * Math.min(1, value * 1.6))], i * 4);
  }
  context.putImageData(pixels, 0, 0);
}

type Point = { readonly x: number; readonly y: number };

/** Clears the canvas at the screen's resolution; `place` gives an image point in its CSS pixels. */
export function measureScale(
  canvas: HTMLCanvasElement,
  size: ImageSize,
):
  | {
      readonly context: CanvasRenderingContext2D;
      readonly place: (point: Point) => readonly [number, number];
    }
  | undefined {
  const box = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio;
  canvas.width = Math.max(1, Math.round(box.width * ratio));
  canvas.height = Math.max(1, Math.round(box.height * ratio));
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  context.scale(ratio, ratio);
  return {
    context,
    place: ({ x, y }) => [
      ((x + 0.5) * box.width) / size.columns,
      ((y + 0.5) * box.height) / size.rows,
    ],
  };
}

/** Draws numbered fixations, sized by duration and joined in order, and raw samples where wanted. */
export function drawScanpath(
  canvas: HTMLCanvasElement,
  size: ImageSize,
  what: { readonly fixations: readonly Fixation[]; readonly samples: readonly Point[] },
): void {
  const scaled = measureScale(canvas, size);
  if (scaled === undefined) return;
  const { context, place } = scaled;
  context.fillStyle = 'rgb(150 190 210 / 55%)';
  for (const sample of what.samples) {
    const [x, y] = place(sample);
    context.fillRect(x - 1, y - 1, 2, 2);
  }
  context.strokeStyle = 'rgb(120 180 215 / 70%)';
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [i, fixation] of what.fixations.entries()) {
    const [x, y] = place(fixation);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
  context.font = '11px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (const [i, fixation] of what.fixations.entries()) {
    const [x, y] = place(fixation);
    const radius = Math.min(30, 6 + Math.sqrt(fixation.durationMs) / 2.5);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = 'rgb(20 45 60 / 60%)';
    context.fill();
    context.strokeStyle = 'rgb(140 195 225 / 90%)';
    context.stroke();
    context.fillStyle = 'rgb(205 220 228)';
    context.fillText(String(i + 1), x, y);
  }
}
