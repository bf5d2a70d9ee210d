// Time between the viewer's frames with a run beside it and without, alternated in one window:
// npm run -s build && node scripts/start.mjs --run node test/benchmarks/reader-beside-run.ts [ROUNDS] [SECONDS]
// Four panes are open while the pointer drags the window level; the run is paused for every other part.
import { loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import type { RunDetail } from '../../shared/ipc/answers.ts';
import { demonstrationConfiguration } from '../../shared/training/run-configuration.ts';
import { launchStation } from '../journeys/station.ts';
import { ask, openStudy, waitForImages } from '../journeys/steps.ts';

const [, , rounds = '4', seconds = '6'] = process.argv;

const tell = (figure: string, values: Record<string, unknown>): void =>
  console.log(JSON.stringify({ figure, ...values }));

const quantile = (sorted: readonly number[], share: number): number =>
  Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN) * 10) / 10;

/** Milliseconds between the frames of the page while the pointer drags over the first pane. */
async function dragAndTime(page: Page, ms: number): Promise<readonly number[]> {
  const box = await page.getByTestId('pane').first().boundingBox();
  if (box === null) throw new Error('The pane is not on the screen.');
  await page.evaluate(() => {
    const timed = globalThis as typeof globalThis & { frameMs?: number[]; timing?: boolean };
    timed.frameMs = [];
    timed.timing = true;
    let before = performance.now();
    const tick = (): void => {
      const now = performance.now();
      timed.frameMs?.push(now - before);
      before = now;
      if (timed.timing === true) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const untilMs = performance.now() + ms;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (let k = 0; performance.now() < untilMs; k += 1)
    await page.mouse.move(
      box.x + box.width * (0.5 + 0.3 * Math.sin(k / 15)),
      box.y + box.height * (0.5 + 0.3 * Math.cos(k / 11)),
    );
  await page.mouse.up();
  return page.evaluate(() => {
    const timed = globalThis as typeof globalThis & { frameMs?: number[]; timing?: boolean };
    timed.timing = false;
    return timed.frameMs?.slice(1) ?? [];
  });
}

const station = await launchStation();
try {
  const { page } = station;
  page.setDefaultTimeout(120_000);
  await page.getByRole('grid').waitFor();
  await ask(page, 'station.acknowledge-notice', {});
  await ask(page, 'consent.set', { record: true, train: true, export: true });
  await ask(page, 'settings.set', { gazeSource: 'pointer', pauseTrainingWhileReading: false });
  await page.reload();
  await page.getByTestId('demonstration-banner').waitFor();
  const { runId } = await ask<{ runId: number }>(page, 'run.start', {
    ...demonstrationConfiguration,
    measures: [],
    imageSide: 96,
    epochs: 1000,
  });
  const detailOf = (): Promise<RunDetail> => ask<RunDetail>(page, 'run.detail', { runId });
  const until = async (holds: (run: RunDetail) => boolean): Promise<RunDetail> => {
    for (;;) {
      const run = await detailOf();
      if (holds(run)) return run;
      if (run.endedAtMs !== null) throw new Error(`The run is ${run.state}.`);
      await page.waitForTimeout(100);
    }
  };
  await until((run) => run.points.length > 2);
  await openStudy(page, 'Demonstration Phantom 01');
  await waitForImages(page, 4);
  await dragAndTime(page, 1000);
  const all = { with: [] as number[], without: [] as number[] };
  for (let round = 0; round < Number(rounds); round += 1)
    for (const kind of round % 2 === 0
      ? (['without', 'with'] as const)
      : (['with', 'without'] as const)) {
      await ask(page, kind === 'with' ? 'run.resume' : 'run.pause', { runId });
      const before = await until(({ state }) => state === (kind === 'with' ? 'running' : 'paused'));
      const frames = await dragAndTime(page, Number(seconds) * 1000);
      const after = await detailOf();
      all[kind].push(...frames);
      const sorted = frames.toSorted((a, b) => a - b);
      tell('a part', {
        run: kind,
        frames: frames.length,
        p50Ms: quantile(sorted, 0.5),
        p95Ms: quantile(sorted, 0.95),
        steps: (after.points.at(-1)?.step ?? 0) - (before.points.at(-1)?.step ?? 0),
        load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
      });
    }
  const p95 = (kind: keyof typeof all): number =>
    quantile(
      all[kind].toSorted((a, b) => a - b),
      0.95,
    );
  tell('time between frames, p95', {
    withRunMs: p95('with'),
    withoutRunMs: p95('without'),
    ratio: Math.round((1000 * p95('with')) / p95('without')) / 1000,
  });
} finally {
  await station.close();
}
