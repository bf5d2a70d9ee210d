// Time between the viewer's frames without a run and beside one, held or not, alternated in one window:
// npm run -s build && node scripts/start.mjs --run node test/benchmarks/reader-beside-run.ts [ROUNDS] [SECONDS] [STATES]
// STATES, of `benchmarkStates`, by commas. Four panes are open while the pointer drags the window level.
import { loadavg } from 'node:os';
import { demonstrationConfiguration } from '../../shared/training/run-configuration.ts';
import type { RunDetail } from '../../shared/ipc/answers.ts';
import { launchStation } from '../journeys/station.ts';
import { ask, openStudy, waitForImages } from '../journeys/steps.ts';
import { timeFrames } from './frame-times.ts';
import { countedTicks, findTrainer, setOrdinaryPolicy } from './trainer-process.ts';

/**
 * `none`: the trainer's process stands still (SIGSTOP). `held`: the settings as they are at first. `yielding`: not held while reading, yet for a second after each input.
 * `beside`: neither. `ordinary`: neither, and without the idle class, nice 19 alone (Linux).
 */
const benchmarkStates = ['none', 'held', 'yielding', 'beside', 'ordinary'] as const;
type BenchmarkState = (typeof benchmarkStates)[number];

const [, , rounds = '5', seconds = '6', wanted = 'none,held,yielding,beside'] = process.argv;
const states = benchmarkStates.filter((state) => wanted.split(',').includes(state));

const tell = (figure: string, values: Record<string, unknown>): void =>
  console.log(JSON.stringify({ figure, ...values }));

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
const median = (values: readonly number[]): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
const load = (): number => rounded(loadavg()[0] ?? 0, 1);

const station = await launchStation();
try {
  const { page } = station;
  page.setDefaultTimeout(120_000);
  await page.getByRole('grid').waitFor();
  await ask(page, 'station.acknowledge-notice', {});
  await ask(page, 'consent.set', { record: true, train: true, export: true });
  const giveWay = (pauseTrainingWhileReading: boolean, yieldToInput: boolean): Promise<unknown> =>
    ask(page, 'settings.set', { pauseTrainingWhileReading, yieldToInput });
  await ask(page, 'settings.set', { gazeSource: 'pointer' });
  await page.reload();
  await page.getByTestId('demonstration-banner').waitFor();
  await openStudy(page, 'Demonstration Phantom 01');
  await waitForImages(page, 4);

  await giveWay(false, false);
  const { runId } = await ask<{ runId: number }>(page, 'run.start', {
    ...demonstrationConfiguration,
    measures: [],
    engine: 'onnx-plain',
    imageSide: 96,
    epochs: 1000,
  });
  const until = async (holds: (run: RunDetail) => boolean): Promise<void> => {
    for (;;) {
      const run = await ask<RunDetail>(page, 'run.detail', { runId });
      if (holds(run)) return;
      if (run.endedAtMs !== null) throw new Error(`The run is ${run.state}.`);
      await page.waitForTimeout(100);
    }
  };
  await until((run) => (run.points.at(-1)?.step ?? 0) > 2);
  const trainer = findTrainer();
  const bringAbout = async (state: BenchmarkState): Promise<void> => {
    process.kill(trainer, state === 'none' ? 'SIGSTOP' : 'SIGCONT');
    if (state === 'none') return;
    await giveWay(state === 'held', state === 'held' || state === 'yielding');
    await until((run) => run.state === (state === 'held' ? 'paused' : 'running'));
    if (states.includes('ordinary')) setOrdinaryPolicy(trainer, state === 'ordinary');
  };

  await timeFrames(page, 1000);
  const found = new Map<BenchmarkState, { p50: number; p95: number }[]>();
  for (let round = 0; round < Number(rounds); round += 1)
    for (const state of round % 2 === 0 ? states : states.toReversed()) {
      await bringAbout(state);
      await page.waitForTimeout(500);
      const ticks = countedTicks(trainer);
      const sorted = (await timeFrames(page, Number(seconds) * 1000)).toSorted((a, b) => a - b);
      const figures = { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
      found.set(state, [...(found.get(state) ?? []), figures]);
      tell('a part', {
        round,
        run: state,
        frames: sorted.length,
        p50Ms: rounded(figures.p50, 1),
        p95Ms: rounded(figures.p95, 1),
        // 100 ticks are a second of processor time.
        trainerShare: rounded((countedTicks(trainer) - ticks) / 100 / Number(seconds), 2),
        load: load(),
      });
    }
  const none = found.get('none') ?? [];
  for (const [state, figures] of found) {
    const ratio = (which: 'p50' | 'p95'): number =>
      rounded(
        median(figures.map((each, round) => each[which] / (none[round]?.[which] ?? Number.NaN))),
        3,
      );
    tell('time between frames, median of the rounds', {
      run: state,
      p50Ms: rounded(median(figures.map(({ p50 }) => p50)), 1),
      p95Ms: rounded(median(figures.map(({ p95 }) => p95)), 1),
      p50Ratio: ratio('p50'),
      p95Ratio: ratio('p95'),
      load: load(),
    });
  }
} finally {
  await station.close();
}
