// Speed of every measure: node test/benchmarks/gaze-similarity.ts. Scanpaths are random (seeded): it is about
// the speed, not the numbers. Where Python with numpy, scipy, OpenCV and scikit-learn is installed (Debian:
// python3-numpy python3-scipy python3-opencv python3-sklearn), published-similarity.py beside this file runs on
// the same scanpaths and the ratio is printed, after its numbers have been compared with ours; that script is
// written from the formulas in the way the published code works, it is not the authors' code. Each figure is
// the median of five rounds. Full mining is in mining.ts.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  createMultimatch,
  multimatchWeights,
  stationMultimatch,
} from '../../shared/gaze/similarity/multimatch.ts';
import { Kernel } from '../../shared/gaze/similarity/kernel.ts';
import { packScanpaths } from '../../shared/gaze/similarity/packed-scanpaths.ts';
import { findMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import { createRandom } from '../../shared/random.ts';
import { measureNames } from '../../shared/training/run-configuration.ts';
import { shareSignatures, type WorkerCommand } from '../../trainer/mining/row-work.ts';
import { randomCases } from '../fixtures/chance-check.ts';

const rounds = 5;
const roundMs = 400;
const say = (figures: Record<string, unknown>): void => console.log(JSON.stringify(figures));
const round = (value: number): number => Number(value.toPrecision(3));

/** Calls `work`, which does `each` pairs, until the time is over; microseconds a pair, median of the rounds. */
function measureMicroseconds(each: number, work: () => void): number {
  const found: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const startMs = performance.now();
    let calls = 0;
    while (performance.now() - startMs < roundMs) {
      work();
      calls += 1;
    }
    found.push(((performance.now() - startMs) * 1000) / (calls * each));
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

type PythonAnswer = {
  readonly versions: unknown;
  readonly multimatch: readonly {
    readonly fixations: number;
    readonly simplified: boolean;
    readonly us: number;
    readonly parts: readonly (readonly number[])[];
  }[];
  readonly describe_ms: number;
} & Readonly<Record<'difference-hash' | 'hu-moments' | 'tima', number | null>>;

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
    let deviation = 0;
    for (const [k, parts] of (theirs?.parts ?? []).entries()) {
      const [a, b] = [signatures[k % 40], signatures[(k * 7 + 1) % 40]];
      if (typeof a !== 'object' || typeof b !== 'object') continue;
      const own = measure.compare(a, b).parts;
      for (const [p, part] of parts.entries())
        deviation = Math.max(deviation, Math.abs(part - (own[p] ?? Number.NaN)));
    }
    say({
      measure: 'multimatch',
      fixations,
      simplified,
      microsecondsAPair: round(ours),
      ...(theirs !== undefined && {
        pythonMicrosecondsAPair: round(theirs.us),
        timesPython: Math.round(theirs.us / ours),
        deviation,
      }),
    });
  }

/** Milliseconds that so many threads take for their rows, all at once. */
async function timeThreads(threads: number): Promise<number> {
  const measure = findMeasure('multimatch');
  const signatures = randomCases(40).cases.map(({ gaze }, k) =>
    measure.describe({ ...gaze, fixations: scanpaths.get(30)?.[k] ?? [] }),
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
  pairsPerSecondTwoThreads: Math.round((2 * 2000 * 40 * 1000) / two),
});

const { cases } = randomCases(60);
for (const name of measureNames) {
  const measure = findMeasure(name);
  const startMs = performance.now();
  const signatures = cases.map(({ gaze }) => measure.describe(gaze));
  const describeMs = (performance.now() - startMs) / cases.length;
  const compared = measure.open();
  const count = 6000;
  for (let k = 0; k < count; k += 1) compared.add(signatures[k % 60] ?? 'empty-map');
  const row = new Float32Array(count);
  let n = 0;
  const ours = measureMicroseconds(count, () => compared.compareRow((n += 1) % 60, 0, count, row));
  const theirs =
    name === 'difference-hash' || name === 'hu-moments' || name === 'tima'
      ? python?.[name]
      : undefined;
  say({
    measure: name,
    describeMsACase: round(describeMs),
    pairsPerSecond: Number((1e6 / ours).toPrecision(3)),
    ...(typeof theirs === 'number' && {
      pythonMicrosecondsAPair: round(theirs),
      timesPython: Math.round(theirs / ours),
    }),
  });
}
