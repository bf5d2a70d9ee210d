// Pairs a second of every measure on one thread: node test/benchmarks/gaze-similarity.ts. Scanpaths are random: about the speed, not
// the numbers. Each figure is the median of five rounds of about half a second.
import { findMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import {
  createMultimatch,
  type MultimatchSignature,
  stationMultimatch,
} from '../../shared/gaze/similarity/multimatch.ts';
import { measureNames } from '../../shared/training/run-configuration.ts';
import { createRandom } from '../../shared/random.ts';
import { randomCases } from '../fixtures/chance-check.ts';

const rounds = 5;
const roundMs = 500;

/** Calls `work` with growing numbers until the time is over; calls a second, median of the rounds. */
function ratePerSecond(work: (n: number) => void): number {
  const rates: number[] = [];
  let n = 0;
  for (let round = 0; round < rounds; round += 1) {
    const startMs = performance.now();
    const first = n;
    while (performance.now() - startMs < roundMs) for (let k = 0; k < 200; k += 1) work((n += 1));
    rates.push(((n - first) * 1000) / (performance.now() - startMs));
  }
  return rates.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

const say = (figures: Record<string, unknown>): void => console.log(JSON.stringify(figures));
const random = createRandom(7);

for (const fixations of [10, 30, 100, 200])
  for (const simplified of [false, true]) {
    const measure = createMultimatch({
      ...stationMultimatch,
      ...(simplified ? {} : { grouping: undefined }),
    });
    const signatures = Array.from({ length: 40 }, () =>
      measure.describe(
        Array.from({ length: fixations }, () => ({
          x: 800 * random.next(),
          y: 800 * random.next(),
          duration: 100 + 400 * random.next(),
        })),
      ),
    ).filter((each): each is MultimatchSignature => typeof each !== 'string');
    let sum = 0;
    const rate = ratePerSecond((n) => {
      const [a, b] = [signatures[n % 40], signatures[(n * 7 + 1) % 40]];
      if (a !== undefined && b !== undefined) sum += measure.compare(a, b).relation;
    });
    say({
      measure: 'multimatch',
      fixations,
      simplified,
      pairsPerSecond: Math.round(rate),
      microsecondsAPair: Math.round(1e7 / rate) / 10,
      checksum: Number.isFinite(sum),
    });
  }

const { cases } = randomCases(60);
for (const name of measureNames) {
  const startMs = performance.now();
  const measure = findMeasure(name);
  const compared = measure.open();
  for (const { gaze } of cases) compared.add(measure.describe(gaze));
  const describeMs = (performance.now() - startMs) / cases.length;
  let sum = 0;
  const rate = ratePerSecond((n) => {
    sum += compared.compare(n % 60, (n * 7 + 1) % 60)?.relation ?? 0;
  });
  say({
    measure: name,
    describeMsACase: Math.round(describeMs * 100) / 100,
    pairsPerSecond: Math.round(rate),
    checksum: Number.isFinite(sum),
  });
}
