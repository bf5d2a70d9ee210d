// Whether images that were looked at alike have the same label: npm run agreement -- DIR
// (default ../shared/data/gaze-cxrp). DIR holds cxr_gaze_data.json, a list of
// {image_id, gaze_x[], gaze_y[], time[]} with x and y as fractions of the image from its top left and time
// in units of dwell, and chest_tube_labels.json, {image_id: true | false}. One line of JSON for each
// measure beside labels shuffled among the images, then one sentence. Exit code 2 where a file is missing or not
// of this form, or where nothing can be said.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { canvasSide, toCanvas } from '../shared/gaze/heatmap.ts';
import type { CanonicalGaze } from '../shared/gaze/canonical.ts';
import { stationMeasures } from '../shared/gaze/similarity/station-measures.ts';
import type { Interval } from '../shared/training/label-agreement.ts';
import { measureLabelAgreement, type ScoredPair } from '../trainer/mining/label-agreement.ts';

const options = { topShare: 0.05, rounds: 1000, seed: 1 };

/** One unit of dwell in milliseconds; the scale cancels in every measure but MultiMatch's simplification. */
const dwellMs = 100;

/** Screen and distance of these recordings are not known: a look is as wide as on the published map. */
const sigmaPx = 30.2;

const recordings = z.array(
  z
    .object({
      image_id: z.string(),
      gaze_x: z.array(z.number()),
      gaze_y: z.array(z.number()),
      time: z.array(z.number().nonnegative()),
    })
    .refine(({ gaze_x: x, gaze_y: y, time }) => x.length === y.length && x.length === time.length, {
      message: 'gaze_x, gaze_y and time differ in length',
    }),
);
const labelsByImage = z.record(z.string(), z.boolean());

function toCase({ gaze_x, gaze_y, time }: z.infer<typeof recordings>[number]): CanonicalGaze {
  const places = gaze_x.map((x, i) => ({ x: x - 0.5, y: (gaze_y[i] ?? Number.NaN) - 0.5 }));
  // The image is one unit wide and high; points beside it are dropped.
  const inside = places.map((place) => toCanvas([place], 1, 1).points[0]);
  return {
    points: inside.flatMap((point, i) =>
      point === undefined ? [] : Array.from({ length: time[i] ?? 0 }, () => point),
    ),
    fixations: places.flatMap(({ x, y }, i) =>
      inside[i] === undefined
        ? []
        : [
            {
              x: (x + 0.5) * canvasSide,
              y: (y + 0.5) * canvasSide,
              duration: (time[i] ?? 0) * dwellMs,
            },
          ],
    ),
    sigmaPx,
  };
}

/** Says why nothing can be measured, and ends. */
function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

function readJson<Content>(file: string, form: z.ZodType<Content>): Content {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return refuse(`${file} is missing or cannot be read: name a folder that holds it.`);
  }
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch (error) {
    return refuse(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const parsed = form.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return refuse(`${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}.`);
}

const folder = path.resolve(
  process.argv[2] ?? path.resolve(import.meta.dirname, '../../shared/data/gaze-cxrp'),
);
const labelOf = readJson(path.join(folder, 'chest_tube_labels.json'), labelsByImage);
const all = readJson(path.join(folder, 'cxr_gaze_data.json'), recordings);
const recorded = all.filter(({ image_id }) => labelOf[image_id] !== undefined);
if (recorded.length < all.length)
  console.error(`${all.length - recorded.length} of ${all.length} recordings have no label.`);
if (new Set(recorded.map(({ image_id }) => labelOf[image_id])).size < 2)
  refuse(`${recorded.length} images have gaze and a label: images of both labels are needed.`);
const labels = recorded.map(({ image_id }) => labelOf[image_id] === true);
const cases = recorded.map(toCase);

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
const figure = ({ value, low, high }: Interval): number[] => [value, low, high].map(round);

const better: string[] = [];
for (const measure of stationMeasures) {
  const compared = measure.open();
  for (const each of cases) compared.add(measure.describe(each));
  const pairs: ScoredPair[] = [];
  let undefinedPairs = 0;
  for (let a = 0; a < cases.length; a += 1)
    for (let b = a + 1; b < cases.length; b += 1) {
      const found = compared.compare(a, b);
      if (found === undefined) undefinedPairs += 1;
      else pairs.push({ a, b, relation: found.relation });
    }
  const result = measureLabelAgreement(pairs, labels, options);
  if (result === undefined) {
    console.log(JSON.stringify({ measure: measure.name, error: 'too few pairs to say anything' }));
    continue;
  }
  if (result.auc.low > 0.5 && result.pValue <= 0.05) better.push(measure.name);
  console.log(
    JSON.stringify({
      measure: measure.name,
      images: cases.length,
      pairs: result.pairs,
      undefinedPairs,
      sameLabel: round(result.base),
      topShare: options.topShare,
      lift: figure(result.lift),
      auc: figure(result.auc),
      controlLift: figure(result.controlLift),
      controlAuc: figure(result.controlAuc),
      pValue: round(result.pValue),
    }),
  );
}
console.log(
  better.length === 0
    ? 'By no measure do pairs that were looked at alike share their label more often than shuffled labels do.'
    : `Pairs that were looked at alike share their label more often than shuffled labels do by: ${better.join(', ')}.`,
);
