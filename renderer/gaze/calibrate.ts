import {
  type CheckedPlace,
  checkingPlaces,
  measureErrorPx,
  type PagePlace,
  teachingPlaces,
} from './calibration-points.ts';
import type { SourceTrouble } from './gaze-source.ts';
import { readPageGeometry } from './page-geometry.ts';
import type { Webcam, WebcamGaze } from './webcam.ts';

const dwellMs = 1200;
/** The eye needs this long to arrive at a new dot. */
const settleMs = 400;
const learnEveryMs = 200;

export type CalibrationStep =
  | { readonly kind: 'opening' }
  | { readonly kind: 'dot'; readonly place: PagePlace; readonly teaching: boolean }
  | { readonly kind: 'done'; readonly errorPx: number | undefined }
  | { readonly kind: 'trouble'; readonly trouble: SourceTrouble };

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(new DOMException('The calibration was cancelled.', 'AbortError'));
      },
      { once: true },
    );
  });
}

/**
 * Teaches WebGazer on 13 dots and measures it on 9 others, and keeps the mean error with the calibration; the
 * camera is off again at the end. Each
 * step is told to `onStep`, the last is `done` or `trouble`. Rejects with AbortError on `signal`.
 */
export async function calibrate(
  webcam: Webcam,
  signal: AbortSignal,
  onStep: (step: CalibrationStep) => void,
): Promise<void> {
  onStep({ kind: 'opening' });
  let gaze: { readonly xCss: number; readonly yCss: number }[] = [];
  let trouble: SourceTrouble | undefined;
  webcam.forget();
  const listen = (point: WebcamGaze): void => {
    if (point !== undefined) gaze.push(point);
  };
  try {
    trouble = await webcam.open(listen, (found) => (trouble = found));
    if (trouble !== undefined) return onStep({ kind: 'trouble', trouble });
    for (const place of teachingPlaces) {
      onStep({ kind: 'dot', place, teaching: true });
      await wait(settleMs, signal);
      for (let ms = settleMs; ms < dwellMs; ms += learnEveryMs) {
        webcam.learn(place.x * window.innerWidth, place.y * window.innerHeight);
        await wait(learnEveryMs, signal);
      }
    }
    const checked: CheckedPlace[] = [];
    for (const place of checkingPlaces) {
      onStep({ kind: 'dot', place, teaching: false });
      await wait(settleMs, signal);
      gaze = [];
      await wait(dwellMs - settleMs, signal);
      checked.push({
        xCss: place.x * window.innerWidth,
        yCss: place.y * window.innerHeight,
        gaze,
      });
    }
    if (trouble !== undefined) return onStep({ kind: 'trouble', trouble });
    const errorPx = measureErrorPx(checked);
    webcam.keepError(errorPx === undefined ? undefined : errorPx * readPageGeometry().zoomFactor);
    return onStep({ kind: 'done', errorPx });
  } finally {
    webcam.close();
  }
}
