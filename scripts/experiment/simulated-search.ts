import { createRandom, type Random, shuffle } from '../../shared/random.ts';

/** A place on an image that draws the eye; half axes in image pixels. */
export type Mark = {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
};

/** What a simulated reader searches. Image pixels, centres at integers. */
export type SearchScene = {
  readonly columns: number;
  readonly rows: number;
  /** How large the picture is shown. */
  readonly pxPerDegree: number;
  /** Structures that every reader looks at. */
  readonly anatomy: readonly Mark[];
  /** Places that are searched: those of the organ, each equally likely. */
  readonly field: readonly { readonly x: number; readonly y: number }[];
  readonly lesions: readonly Mark[];
};

/** Numbers of the model; times in milliseconds, angles in degrees. They are assumptions, not fitted to readers. */
export const searchModel = {
  /** Time on an image: log-normal, and the same with and without lesions, so that time tells no label. */
  medianTimeMs: 9000,
  timeSpread: 0.25,
  /** A lesion is looked at by this probability; and places that are none draw the eye in every image. */
  foundShare: 0.85,
  falseAlarms: 1,
  falseAlarmDegrees: 1,
  /** Visits of one place that draws the eye: fixations of a visit, and visits after the first. */
  fewestFixations: 2,
  mostFixations: 4,
  returnShare: 0.3,
  /** At most so many marks are visited: the time is short where lesions are many. */
  mostMarks: 6,
  /** Dwell times: normal about their mean, cut below the shortest. */
  searchDwellMs: 250,
  markDwellMs: 420,
  dwellSpread: 0.35,
  shortestDwellMs: 120,
  /** Search: half on anatomy, half anywhere in the field; of this many candidates the nearest is taken. */
  anatomyShare: 0.5,
  candidates: 3,
  firstSpreadDegrees: 2,
  /** Samples: rate, error of one sample about the fixation, time of a saccade, share that is lost. */
  sampleHz: 60,
  precisionDegrees: 0.25,
  saccadeMs: 34,
  lostShare: 0.02,
} as const;

/** A sample of SIMULATED gaze in image pixels; undefined: lost. */
export type SimulatedSample = {
  readonly tMs: number;
  readonly at: { x: number; y: number } | undefined;
};

type Planned = { readonly x: number; readonly y: number; readonly dwellMs: number };

const pick = <Item>(items: readonly Item[], random: Random): Item | undefined =>
  items[random.below(items.length)];

const within = ({ x, y, radiusX, radiusY }: Mark, random: Random): { x: number; y: number } => ({
  x: x + 0.5 * radiusX * random.normal(),
  y: y + 0.5 * radiusY * random.normal(),
});

function drawDwell(meanMs: number, random: Random): number {
  const { dwellSpread, shortestDwellMs } = searchModel;
  return Math.max(shortestDwellMs, meanMs * (1 + dwellSpread * random.normal()));
}

/** The visits of marks, in random order, each a few fixations. */
function planVisits(scene: SearchScene, lesions: boolean, random: Random): Planned[][] {
  const model = searchModel;
  const radius = model.falseAlarmDegrees * scene.pxPerDegree;
  const alarms = [...Array(random.below(2 * model.falseAlarms + 1)).keys()].flatMap(() => {
    const place = pick(scene.field, random);
    return place === undefined ? [] : [{ ...place, radiusX: radius, radiusY: radius }];
  });
  const found = scene.lesions.filter(() => random.next() < model.foundShare);
  const marks = shuffle([...(lesions ? found : []), ...alarms], random).slice(0, model.mostMarks);
  const visits = marks.flatMap((mark) => {
    const times = random.next() < model.returnShare ? 2 : 1;
    return Array.from({ length: times }, () => {
      const span = model.mostFixations - model.fewestFixations + 1;
      return Array.from({ length: model.fewestFixations + random.below(span) }, () => ({
        ...within(mark, random),
        dwellMs: drawDwell(model.markDwellMs, random),
      }));
    });
  });
  return shuffle(visits, random);
}

/** One fixation of search: on anatomy or in the field, rather near than far. */
function planSearch(scene: SearchScene, from: Planned, random: Random): Planned {
  const { anatomyShare, candidates, searchDwellMs } = searchModel;
  const places = Array.from({ length: candidates }, () => {
    const mark = random.next() < anatomyShare ? pick(scene.anatomy, random) : undefined;
    return mark === undefined ? (pick(scene.field, random) ?? from) : within(mark, random);
  });
  const far = ({ x, y }: { x: number; y: number }): number => Math.hypot(x - from.x, y - from.y);
  const { x, y } = places.reduce((near, place) => (far(place) < far(near) ? place : near));
  return { x, y, dwellMs: drawDwell(searchDwellMs, random) };
}

function planFixations(scene: SearchScene, lesions: boolean, random: Random): Planned[] {
  const { medianTimeMs, timeSpread, firstSpreadDegrees, searchDwellMs } = searchModel;
  const wholeMs = medianTimeMs * Math.exp(timeSpread * random.normal());
  const visits = planVisits(scene, lesions, random);
  const visitEvery = wholeMs / (visits.length + 1);
  const spread = firstSpreadDegrees * scene.pxPerDegree;
  let last: Planned = {
    x: scene.columns / 2 + spread * random.normal(),
    y: scene.rows / 2 + spread * random.normal(),
    dwellMs: drawDwell(searchDwellMs, random),
  };
  const planned = [last];
  for (let tMs = last.dwellMs, next = 0; tMs < wholeMs;) {
    const visit = tMs >= visitEvery * (next + 0.5) ? visits[next] : undefined;
    if (visit !== undefined) next += 1;
    for (const fixation of visit ?? [planSearch(scene, last, random)]) {
      planned.push(fixation);
      tMs += fixation.dwellMs;
      last = fixation;
    }
  }
  return planned;
}

/**
 * SIMULATED gaze of one reader on one image: a first fixation near the middle, search over anatomy and field, visits
 * of lesions (unless `lesions` is false) and of places that are none. The same seed gives the same samples. An error
 * of the tracker is a shift of the whole track, its length Rayleigh-distributed with mean `errorDegrees`.
 */
export function simulateSearch(
  scene: SearchScene,
  options: { readonly lesions: boolean; readonly errorDegrees: number; readonly seed: number },
): SimulatedSample[] {
  const { sampleHz, precisionDegrees, saccadeMs, lostShare } = searchModel;
  const random = createRandom(options.seed);
  const stepMs = 1000 / sampleHz;
  const precision = precisionDegrees * scene.pxPerDegree;
  // The mean of a Rayleigh distribution is sigma sqrt(pi / 2).
  const error = (options.errorDegrees * scene.pxPerDegree) / Math.sqrt(Math.PI / 2);
  const shift = { x: error * random.normal(), y: error * random.normal() };
  const samples: SimulatedSample[] = [];
  let tMs = 0;
  for (const { x, y, dwellMs } of planFixations(scene, options.lesions, random)) {
    for (const endMs = tMs + dwellMs; tMs < endMs; tMs += stepMs)
      samples.push({
        tMs,
        at:
          random.next() < lostShare
            ? undefined
            : {
                x: x + shift.x + precision * random.normal(),
                y: y + shift.y + precision * random.normal(),
              },
      });
    tMs += saccadeMs;
  }
  return samples;
}
