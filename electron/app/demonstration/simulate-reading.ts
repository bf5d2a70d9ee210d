import type { GazeBatch } from '../../../shared/database/gaze.ts';
import type { GazeSample, ViewportState } from '../../../shared/gaze/samples.ts';
import type { Random } from '../../../shared/random.ts';
import type { Target } from './phantom-studies.ts';
import { layPanes, onScreen, type ShownImage, stateOf } from './simulated-layout.ts';

export type SimulatedImage = ShownImage & {
  /** Places to look at, in image pixels; the first is an anatomical landmark. */
  readonly targets: readonly Target[];
};

/** How a simulated reader searches: over everything first, or straight to what stands out. */
export type SearchStyle = 'systematic' | 'salient-first';

/** One resting of the eye: where on which picture and for how long. */
type Stop = {
  readonly image: number;
  readonly x: number;
  readonly y: number;
  readonly durationMs: number;
};

const stepUs = 1_000_000 / 60;
const saccadeMs = 45;
/** Standard deviation of a sample about its fixation, screen DIP. */
const jitterDip = 5;

/** A round over the picture, as fractions of its width and height from the top left. */
const round = [
  [0.5, 0.5],
  [0.32, 0.3],
  [0.66, 0.32],
  [0.68, 0.68],
  [0.34, 0.7],
] as const;

function planStops(
  image: SimulatedImage,
  index: number,
  style: SearchStyle,
  random: Random,
): readonly Stop[] {
  const stop = (x: number, y: number, medianMs: number): Stop => ({
    image: index,
    x: x + (random.normal() * image.columns) / 100,
    y: y + (random.normal() * image.rows) / 100,
    durationMs: Math.min(2000, Math.max(110, medianMs * Math.exp(0.6 * random.normal()))),
  });
  // Begins anywhere, goes either way round, leaves out a place or two.
  const start = random.below(round.length);
  const turn = random.next() < 0.5 ? 1 : round.length - 1;
  const overview = round
    .map((_, i) => round[(start + i * turn) % round.length] ?? round[0])
    .filter(() => random.next() > 0.25)
    .map(([x, y]) => stop(x * image.columns, y * image.rows, 230));
  const looks = image.targets.flatMap(({ x, y, weight }) =>
    Array.from({ length: weight > 0.6 ? 1 + random.below(3) : 1 }, () =>
      stop(x, y, 200 + 500 * weight),
    ),
  );
  return style === 'systematic'
    ? [...overview, ...looks]
    : [...overview.slice(0, 1), ...looks, ...overview.slice(1)];
}

/** Samples of a path of fixations at 60 Hz: quick moves between them, jitter, and now and then a blink. */
function walk(
  places: readonly {
    readonly x: number;
    readonly y: number;
    readonly fromUs: number;
    readonly toUs: number;
  }[],
  random: Random,
): readonly GazeSample[] {
  const samples: GazeSample[] = [];
  const endUs = places.at(-1)?.toUs ?? 0;
  let blinkUntilUs = -1;
  let at = 0;
  for (let i = 0; ; i += 1) {
    // Cameras do not keep time: a few milliseconds early or late, never out of order.
    const tUs = Math.round(i * stepUs + 4000 * random.next());
    if (tUs > endUs) return samples;
    while ((places[at]?.toUs ?? Infinity) < tUs) at += 1;
    const here = places[at];
    if (here === undefined) return samples;
    if (tUs > blinkUntilUs && random.next() < 1 / 240) blinkUntilUs = tUs + 150_000;
    if (tUs < blinkUntilUs) {
      samples.push({ tUs, xDip: null, yDip: null, valid: false, confidence: 0 });
      continue;
    }
    const before = places[at - 1] ?? here;
    const arrived = Math.min(1, Math.max(0, (tUs - here.fromUs) / (saccadeMs * 1000)));
    const share = arrived * arrived * (3 - 2 * arrived);
    samples.push({
      tUs,
      xDip: before.x + (here.x - before.x) * share + jitterDip * random.normal(),
      yDip: before.y + (here.y - before.y) * share + jitterDip * random.normal(),
      valid: true,
      confidence: 1,
    });
  }
}

/**
 * The gaze of a reader who does not exist: looks over every picture in turn, rests on its targets, zooms
 * once into the heaviest one where `zooms` is set. The same arguments and seed give the same samples.
 * `durationMs` is the length of the recording.
 */
export function simulateReading(
  images: readonly SimulatedImage[],
  { style, zooms }: { readonly style: SearchStyle; readonly zooms: boolean },
  random: Random,
): GazeBatch & { readonly durationMs: number } {
  const panes = layPanes(images.length);
  const states: ViewportState[] = [];
  const current = new Map<number, ViewportState>();
  const show = (state: ViewportState): void => {
    states.push(state);
    current.set(state.pane, state);
  };
  for (const [i, image] of images.entries()) {
    const pane = panes[i];
    if (pane !== undefined) show(stateOf(0, i, pane, image));
  }
  const places: { x: number; y: number; fromUs: number; toUs: number }[] = [];
  let nowUs = 0;
  for (const [i, image] of images.entries()) {
    const pane = panes[i];
    if (pane === undefined) continue;
    const look = ({ x, y, durationMs }: Stop): void => {
      const state = current.get(i);
      if (state === undefined) return;
      const toUs = nowUs + Math.round((saccadeMs + durationMs) * 1000);
      places.push({ ...onScreen(state, x, y), fromUs: nowUs, toUs });
      nowUs = toUs;
    };
    for (const stop of planStops(image, i, style, random)) look(stop);
    const heaviest = image.targets.toSorted((a, b) => b.weight - a.weight)[0];
    if (zooms && heaviest !== undefined && heaviest.weight > 0.6) {
      show(stateOf(nowUs, i, pane, image, 2, heaviest));
      for (const durationMs of [420, 380])
        look({
          image: i,
          x: heaviest.x + (random.normal() * image.columns) / 150,
          y: heaviest.y + (random.normal() * image.rows) / 150,
          durationMs,
        });
      show(stateOf(nowUs, i, pane, image));
    }
  }
  return {
    samples: walk(places, random),
    states,
    events: [
      { tUs: 0, kind: 'started', reason: 'simulated' },
      { tUs: nowUs, kind: 'stopped', reason: 'simulated' },
    ],
    durationMs: Math.ceil(nowUs / 1000),
  };
}
