// What mining costs: node test/benchmarks/mining.ts [readings] [measure] [threads] (default 1000 multimatch 1).
// Mines so many readings from nothing, then once more with everything known, then with one new reading; then
// finds the cases most like one reading. Scanpaths of 30 fixations are resampled from those of
// ../shared/golden/scanpaths.json (real gaze, not radiology) with a shift of up to 40 px of 800 and times
// changed by up to a fifth, where that file is; otherwise they are random. Which of the two is printed. Times
// are those of this machine: compare them within a run.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SnapshotImage } from '../../shared/database/snapshot.ts';
import type { CanonicalGaze } from '../../shared/gaze/canonical.ts';
import { filterGaze } from '../../shared/gaze/fixations.ts';
import { findMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import { createRandom } from '../../shared/random.ts';
import { measureNames } from '../../shared/training/run-configuration.ts';
import { chanceDefaults } from '../../trainer/mining/chance-pairs.ts';
import { minePairs } from '../../trainer/mining/mine-pairs.ts';
import type { MiningCase } from '../../trainer/mining/mining-cases.ts';
import { RowPool } from '../../trainer/mining/row-pool.ts';
import { randomCases } from '../fixtures/chance-check.ts';

const [readings, name, threads] = [
  Number(process.argv[2] ?? 1000),
  measureNames.find((each) => each === process.argv[3]) ?? 'multimatch',
  Number(process.argv[4] ?? 1),
];
const fixations = 30;
const goldenFile = path.resolve(import.meta.dirname, '../../../shared/golden/scanpaths.json');
const random = createRandom(3);

type Scanpath = CanonicalGaze['fixations'];

/** Fixations of real gaze at 60 Hz, in px of an 800 x 800 canvas and milliseconds. */
function readScanpaths(): readonly Scanpath[] {
  if (!existsSync(goldenFile)) return [];
  const { scanpaths } = JSON.parse(readFileSync(goldenFile, 'utf8')) as {
    readonly scanpaths: readonly { readonly gaze: readonly (readonly [number, number])[] }[];
  };
  return scanpaths.map(({ gaze }) =>
    filterGaze(gaze, { asPublished: false }).map(({ x, y, samples }) => ({
      x,
      y,
      duration: (samples * 1000) / 60,
    })),
  );
}

const real = readScanpaths().filter((scanpath) => scanpath.length >= 3);
const inside = (value: number): number => Math.min(799, Math.max(0, value));

/** A scanpath of 30 fixations: a run of a real one, begun anywhere and repeated where it is shorter. */
function makeScanpath(): Scanpath {
  const source = real[random.below(real.length)];
  const start = source === undefined ? 0 : random.below(source.length);
  return Array.from({ length: fixations }, (_, i) => {
    const from = source?.[(start + i) % source.length];
    return from === undefined
      ? {
          x: inside(400 + 150 * random.normal()),
          y: inside(400 + 150 * random.normal()),
          duration: 100 + 400 * random.next(),
        }
      : {
          x: inside(from.x + 80 * (random.next() - 0.5)),
          y: inside(from.y + 80 * (random.next() - 0.5)),
          duration: from.duration * (0.8 + 0.4 * random.next()),
        };
  });
}

const [template] = randomCases(1).cases;
if (template === undefined) throw new Error('There is no gaze to begin with.');
const { gaze: templateGaze } = template;

function makeGaze(): CanonicalGaze {
  const scanpath = makeScanpath();
  return {
    ...templateGaze,
    fixations: scanpath,
    points: scanpath.flatMap(({ x, y, duration }) =>
      Array.from(
        { length: Math.ceil(duration / 60) },
        () => [Math.floor(x), Math.floor(y)] as const,
      ),
    ),
  };
}

const measure = findMeasure(name);
const say = (figures: Record<string, unknown>): void => console.log(JSON.stringify(figures));
const round = (value: number): number => Number(value.toPrecision(4));
async function timed<Value>(work: () => Promise<Value>): Promise<readonly [Value, number]> {
  const startMs = performance.now();
  const value = await work();
  return [value, performance.now() - startMs];
}

// One more than asked for: the new reading.
const describeStartMs = performance.now();
const gazes = new Map<number, CanonicalGaze>();
const cases = Array.from({ length: readings + 1 }, (_, i): MiningCase => {
  const gaze = makeGaze();
  if (i < 2000) gazes.set(i, gaze);
  return { readingId: i, imageId: i, readerId: 1, signature: measure.describe(gaze) };
});
const describeMs = performance.now() - describeStartMs;
const image = randomCases(1).images.get(0);
const images = new Map<number, SnapshotImage>(
  cases.map(({ imageId }) => [
    imageId,
    {
      ...(image as SnapshotImage),
      imageId,
      laterality: null,
      patientKey: String(imageId),
    },
  ]),
);
const folder = mkdtempSync(path.join(tmpdir(), 'fovea-mining-'));
const pool = new RowPool(threads, () => performance.now());
let most = 0;
const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 200);
const mine = (some: readonly MiningCase[]) =>
  timed(() =>
    minePairs(some, images, {
      measure,
      rule: { falsePositiveRate: 0.01 },
      policy: 'within',
      samePatient: false,
      refused: new Set(),
      chance: chanceDefaults,
      // Of the others the gaze is made anew: what is timed is mining, not a database.
      gazeOf: ({ readingId }) => gazes.get(readingId) ?? makeGaze(),
      pool,
      store: { folder, prefix: 'benchmark' },
      mostPairs: 1_000_000,
      nowMs: () => performance.now(),
      onCheck: () => Promise.resolve(),
    }),
  );
say({
  measure: name,
  readings,
  threads,
  fixations,
  gaze: real.length > 0 ? 'resampled from real scanpaths' : 'random',
  describeMsACase: round(describeMs / cases.length),
  signatureBytes: cases.find(({ signature }) => typeof signature !== 'string')?.signature.length,
});
try {
  const before = cases.slice(0, readings);
  const [first, firstMs] = await mine(before);
  say({
    step: 'everything',
    seconds: round(firstMs / 1000),
    pairs: first.compared,
    pairsPerSecond: Math.round((1000 * first.compared) / firstMs),
    kept: first.kept,
  });
  const [, againMs] = await mine(before);
  say({ step: 'nothing new', seconds: round(againMs / 1000) });
  const [, oneMs] = await mine(cases);
  const stored = readdirSync(folder).reduce(
    (sum, file) => sum + statSync(path.join(folder, file)).size,
    0,
  );
  say({ step: 'one new reading', seconds: round(oneMs / 1000), storedMB: round(stored / 1e6) });
  const compared = measure.open();
  for (const { signature } of cases) compared.add(signature);
  const row = new Float32Array(readings);
  const times = Array.from({ length: 21 }, () => {
    const startMs = performance.now();
    compared.compareRow(readings, 0, readings, row);
    return performance.now() - startMs;
  }).toSorted((a, b) => a - b);
  say({
    step: 'one reading against all others',
    milliseconds: round(times[10] ?? 0),
    slowest: round(times[20] ?? 0),
  });
  say({ step: 'memory', mostResidentMB: Math.round(most / 1e6) });
} finally {
  clearInterval(watch);
  await pool.close();
  rmSync(folder, { recursive: true });
}
