// Speed of every measure: node test/benchmarks/gaze-similarity.ts. Scanpaths are random (seeded): it is about
// the speed, not the numbers. Where Python with numpy, scipy, OpenCV and scikit-learn is installed (Debian:
// python3-numpy python3-scipy python3-opencv python3-sklearn), published-similarity.py beside this file runs on
// the same scanpaths and the ratio is printed, after its numbers have been compared with ours; that script is
// written from the formulas in the way the published code works, it is not the authors' code. Each figure is
// the median of five rounds, in CPU time, so that other work on the machine counts little; only one thread
// against two is in time, which needs a machine at rest. Full mining is in mining.ts.
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  createMultimatch,
  multimatchWeights,
  stationMultimatch,
} from '../../shared/gaze/similarity/multimatch.ts';
import { publishedHeatmap } from '../../shared/gaze/heatmap.ts';
import type { EncodedSignature } from '../../shared/gaze/similarity/compared-cases.ts';
import { createDifferenceHash } from '../../shared/gaze/similarity/difference-hash.ts';
import { createHuMoments, momentWeights } from '../../shared/gaze/similarity/hu-moments.ts';
import { Kernel } from '../../shared/gaze/similarity/kernel.ts';
import { packScanpaths } from '../../shared/gaze/similarity/packed-scanpaths.ts';
import { hashCodec, momentsCodec } from '../../shared/gaze/similarity/signature-codecs.ts';
import { findMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import { createRandom } from '../../shared/random.ts';
import { type MeasureName, measureNames } from '../../shared/training/run-configuration.ts';
import { shareSignatures, type WorkerCommand } from '../../trainer/mining/row-work.ts';

const rounds = 5;
const roundMs = 400;
const say = (figures: Record<string, unknown>): void => console.log(JSON.stringify(figures));
const round = (value: number): number => Number(value.toPrecision(3));

/** Microseconds of CPU time that this thread has taken. */
function cpuMicroseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** Calls `work`, which does `each` pairs, until the time is over; microseconds a pair, median of the rounds. */
function measureMicroseconds(each: number, work: () => void): number {
  const found: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const [startMs, startUs] = [performance.now(), cpuMicroseconds()];
    let calls = 0;
    while (performance.now() - startMs < roundMs) {
      work();
      calls += 1;
    }
    found.push((cpuMicroseconds() - startUs) / (calls * each));
  }
  return found.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

const random = createRandom(7);
const scanpaths = new Map(
  [10, 30, 100, 200].map((fixations) => [
    fixations,
    Array.from({ length: 40 }, () =>
      Array.from({ length: fixations }, () => ({
        x: Math.floor(800 * random.next()),
        y: Math.floor(800 * random.next()),
        duration: 100 + 400 * random.next(),
      })),
    ),
  ]),
);

/** Microseconds a pair: with every case described again for every pair, as published, and described once. */
type PythonTimes = {
  readonly us: number;
  readonly cached_us: number;
  /** Of the pairs k: case k and case 7 k + 1, modulo 40. */
  readonly results: readonly (readonly number[])[];
};

type PythonAnswer = {
  readonly versions: unknown;
  readonly multimatch: readonly (PythonTimes & {
    readonly fixations: number;
    readonly simplified: boolean;
  })[];
  readonly describe_ms: number;
} & Readonly<Record<'difference-hash' | 'hu-moments' | 'tima', PythonTimes>>;

/**
 * Python's times beside ours, which describe every case once: `timesPython` is the ratio where Python does so too,
 * `timesPythonAsPublished` where it describes every case again for every pair.
 */
const besidePython = (times: PythonTimes | undefined, ours: number, deviation: number): object =>
  times === undefined
    ? {}
    : {
        pythonMicrosecondsAPair: round(times.cached_us),
        timesPython: Math.round(times.cached_us / ours),
        pythonAsPublishedMicrosecondsAPair: round(times.us),
        timesPythonAsPublished: Math.round(times.us / ours),
        deviation,
      };

/** The largest deviation of Python's numbers from ours. */
function deviationOf(
  times: PythonTimes | undefined,
  compare: (i: number, j: number) => readonly number[],
): number {
  let worst = 0;
  for (const [k, theirs] of (times?.results ?? []).entries()) {
    const own = compare(k % 40, (k * 7 + 1) % 40);
    for (const [p, value] of theirs.entries())
      worst = Math.max(worst, Math.abs(value - (own[p] ?? Infinity)));
  }
  return worst;
}

/**
 * Microseconds a pair that the published code itself took on another occasion (mcgip section 13), the least and
 * the most: the Python here should not be slower.
 */
const publishedMicroseconds = new Map<number, readonly [number, number]>([
  [10, [500, 1400]],
  [30, [1500, 2000]],
  [100, [20_000, 22_000]],
]);

/** Python's figures, or undefined where no Python here has the modules. */
function runPython(): PythonAnswer | undefined {
  const input = JSON.stringify({
    pairs: 60,
    scanpaths: Object.fromEntries(
      [...scanpaths].map(([fixations, list]) => [
        fixations,
        list.map((scanpath) => scanpath.map(({ x, y, duration }) => [x, y, duration])),
      ]),
    ),
  });
  for (const python of ['python3', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(
      python,
      [path.join(import.meta.dirname, 'published-similarity.py')],
      {
        input,
        encoding: 'utf8',
        maxBuffer: 1e9,
        env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
      },
    );
    if (status === 0) return JSON.parse(stdout) as PythonAnswer;
  }
  return undefined;
}

const python = runPython();
say(
  python === undefined
    ? { python: 'no Python with numpy, scipy, OpenCV and scikit-learn: no ratios' }
    : { python: python.versions, describeMsACase: round(python.describe_ms) },
);

for (const [fixations, list] of scanpaths)
  for (const simplified of [false, true]) {
    const options = { ...stationMultimatch, ...(simplified ? {} : { grouping: undefined }) };
    const measure = createMultimatch({ ...options, weights: multimatchWeights.published });
    const packed = packScanpaths(new Kernel(), options);
    const signatures = list.map((scanpath) => measure.describe(scanpath));
    for (const signature of signatures)
      packed.add(typeof signature === 'string' ? undefined : signature);
    const row = new Float32Array(list.length);
    let n = 0;
    const ours = measureMicroseconds(list.length, () => {
      packed.compareRow((n += 1) % list.length, 0, list.length, row);
    });
    const theirs = python?.multimatch.find(
      (each) => each.fixations === fixations && each.simplified === simplified,
    );
    const deviation = deviationOf(theirs, (i, j) => {
      const [a, b] = [signatures[i], signatures[j]];
      return typeof a === 'object' && typeof b === 'object' ? measure.compare(a, b).parts : [];
    });
    say({
      measure: 'multimatch',
      fixations,
      simplified,
      microsecondsAPair: round(ours),
      ...besidePython(theirs, ours, deviation),
      publishedMicrosecondsAPair: publishedMicroseconds.get(fixations),
    });
  }

/** Milliseconds that so many threads take for their rows, all at once. */
async function timeThreads(threads: number): Promise<number> {
  const measure = findMeasure('multimatch');
  const signatures = (scanpaths.get(30) ?? []).map((fixations) =>
    measure.describe({ points: [], fixations, sigmaPx: 30 }),
  );
  const workers = Array.from(
    { length: threads },
    () => new Worker(path.resolve(import.meta.dirname, '../../trainer/mining/mining-worker.ts')),
  );
  const jobs = Array.from({ length: 2000 }, (_, k) => ({
    row: k % 40,
    ranges: [[0, 40]] as const,
  }));
  const ask = (worker: Worker, id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      const command: WorkerCommand = { kind: 'rows', id, jobs };
      worker.postMessage(command);
    });
  for (const worker of workers) {
    const command: WorkerCommand = {
      kind: 'open',
      measure: 'multimatch',
      signatures: shareSignatures(signatures),
    };
    worker.postMessage(command);
    await ask(worker, 0);
  }
  const times: number[] = [];
  for (let n = 1; n <= rounds; n += 1) {
    const startMs = performance.now();
    await Promise.all(workers.map((worker) => ask(worker, n)));
    times.push(performance.now() - startMs);
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

const [one, two] = [await timeThreads(1), await timeThreads(2)];
say({
  measure: 'multimatch',
  fixations: 30,
  simplified: true,
  pairsPerSecondOneThread: Math.round((2000 * 40 * 1000) / one),
  loadAverage: round(loadavg()[0] ?? Number.NaN),
  pairsPerSecondTwoThreads: Math.round((2 * 2000 * 40 * 1000) / two),
});

// About 60 samples a second, as the Python takes them.
const gazes = (scanpaths.get(30) ?? []).map((fixations) => ({
  fixations,
  points: fixations.flatMap(({ x, y, duration }) =>
    Array.from({ length: Math.max(1, Math.round((duration * 60) / 1000)) }, () => [x, y] as const),
  ),
  sigmaPx: 30,
}));

/** Signatures of the published map, which the station's own measures do not use: only to compare numbers. */
function publishedSignatures(name: MeasureName): EncodedSignature[] {
  const hash = createDifferenceHash({ asPublished: false });
  const moments = createHuMoments({ weights: momentWeights.mammography, asPublished: false });
  return gazes.map(({ points }) => {
    const map = publishedHeatmap(points, { asPublished: false });
    if (name === 'difference-hash') {
      const signature = hash.describe(map);
      return typeof signature === 'string' ? signature : hashCodec.encode(signature);
    }
    if (name !== 'hu-moments') return 'empty-map';
    const signature = moments.describe(map);
    return typeof signature === 'string' ? signature : momentsCodec.encode(signature);
  });
}

for (const name of measureNames) {
  if (name === 'multimatch') continue;
  const measure = findMeasure(name);
  const startUs = cpuMicroseconds();
  const signatures = gazes.map((gaze) => measure.describe(gaze));
  const describeMs = (cpuMicroseconds() - startUs) / 1000 / gazes.length;
  const compared = measure.open();
  const count = 4000;
  for (let k = 0; k < count; k += 1) compared.add(signatures[k % 40] ?? 'empty-map');
  const row = new Float32Array(count);
  let n = 0;
  const ours = measureMicroseconds(count, () => compared.compareRow((n += 1) % 40, 0, count, row));
  const theirs =
    name === 'difference-hash' || name === 'hu-moments' || name === 'tima'
      ? python?.[name]
      : undefined;
  const same = measure.open();
  for (const signature of name === 'tima' ? signatures : publishedSignatures(name))
    same.add(signature);
  const deviation = deviationOf(theirs, (i, j) => [same.compare(i, j)?.relation ?? Number.NaN]);
  say({
    measure: name,
    describeMsACase: round(describeMs),
    pairsPerSecond: Number((1e6 / ours).toPrecision(3)),
    ...besidePython(theirs, ours, deviation),
  });
}
