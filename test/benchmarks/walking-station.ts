// Figures of the whole station in one run: node scripts/start.mjs --run node test/benchmarks/walking-station.ts
// Prints one line of JSON a figure. Machines differ: compare figures of one run, not across machines.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ImportReport, RunDetail } from '../../shared/ipc/answers.ts';
import { demonstrationConfiguration } from '../../shared/training/run-configuration.ts';
import { launchStation } from '../journeys/station.ts';
import { ask, openStudy, waitForImages } from '../journeys/steps.ts';

const root = path.resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(path.join(tmpdir(), 'fovea-benchmark-'));

const tell = (figure: string, values: Record<string, unknown>): void =>
  console.log(JSON.stringify({ figure, ...values }));

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

type ProcessFacts = {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly peakMb: number;
};

/** Every process of this machine with its peak resident memory (Linux). */
function listProcesses(): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const field = (key: string): number =>
          Number(new RegExp(`^${key}:\\s+(\\d+)`, 'mu').exec(status)?.[1] ?? 0);
        return [
          { pid: Number(name), parent: field('PPid'), name: line, peakMb: field('VmHWM') / 1024 },
        ];
      } catch {
        return [];
      }
    });
}

function kindOf(line: string): string {
  if (line.includes('trainer/main')) return 'trainer';
  const type = /--type=(\S+)/u.exec(line)?.[1];
  if (type !== undefined) return `chromium ${type}`;
  return line.includes('chromium') ? 'chromium browser' : 'main';
}

/** Peak memory by kind of process, of everything below `pid`. */
function peakMemory(pid: number): Record<string, number> {
  const all = listProcesses();
  const inside = new Set([pid]);
  for (let before = 0; before !== inside.size;) {
    before = inside.size;
    for (const each of all) if (inside.has(each.parent)) inside.add(each.pid);
  }
  const peaks: Record<string, number> = {};
  for (const each of all)
    if (inside.has(each.pid)) {
      const kind = kindOf(each.name);
      peaks[kind] = Math.max(peaks[kind] ?? 0, Math.round(each.peakMb));
    }
  return peaks;
}

function measureImport(): void {
  const source = path.join(root, 'assets/demonstration/fundus');
  const files = path.join(folder, 'files');
  mkdirSync(files);
  const pictures = readdirSync(source).filter((name) => name.endsWith('.jpg'));
  for (let i = 0; i < 500; i += 1) {
    const bytes = readFileSync(path.join(source, pictures[i % pictures.length] ?? ''));
    // A comment behind the end of the picture makes each file another one.
    writeFileSync(path.join(files, `${i}.jpg`), Buffer.concat([bytes, Buffer.from(`copy ${i}`)]));
  }
  const data = path.join(folder, 'import-data');
  mkdirSync(data);
  const startedMs = performance.now();
  const { stdout } = spawnSync(
    process.execPath,
    [path.join(root, 'bin/fovea.mjs'), 'import', files, '--data-folder', data, '--json'],
    { encoding: 'utf8' },
  );
  const seconds = (performance.now() - startedMs) / 1000;
  const report = JSON.parse(stdout) as ImportReport;
  tell('import, whole process', {
    taken: report.taken,
    refused: report.refused,
    filesPerSecond: round(report.done / seconds),
    megabytesPerSecond: round(report.bytes / 1e6 / seconds),
  });
}

async function measureStation(): Promise<void> {
  const data = path.join(folder, 'data');
  mkdirSync(data);
  for (const start of ['first, with the demonstration library', 'second'] as const) {
    const startedMs = performance.now();
    const station = await launchStation({ dataFolder: data });
    const { page } = station;
    page.setDefaultTimeout(120_000);
    await page.getByRole('grid').waitFor();
    tell('start to usable window', {
      start,
      seconds: round((performance.now() - startedMs) / 1000),
    });
    if (start === 'second') {
      await ask(page, 'station.acknowledge-notice', {});
      await ask(page, 'consent.set', { record: true, train: true, export: true });
      await ask(page, 'settings.set', { gazeSource: 'pointer', pauseTrainingWhileReading: false });
      await page.reload();
      await page.getByTestId('demonstration-banner').waitFor();
      for (const [name, panes] of [
        ['Demonstration F05', 1],
        ['Demonstration Phantom 01', 4],
      ] as const) {
        const beganMs = performance.now();
        await openStudy(page, name);
        await waitForImages(page, panes);
        tell('open a study to its images on screen, typing the search included', {
          images: panes,
          milliseconds: Math.round(performance.now() - beganMs),
        });
        await page.keyboard.press('Escape');
        await page.getByTestId('go-worklist').waitFor();
      }
      const { runId } = await ask<{ runId: number }>(page, 'run.start', demonstrationConfiguration);
      let detail: RunDetail;
      let peaks: Record<string, number> = {};
      do {
        await page.waitForTimeout(300);
        const now = peakMemory(station.app.process().pid ?? 0);
        for (const [kind, peak] of Object.entries(now))
          peaks = { ...peaks, [kind]: Math.max(peaks[kind] ?? 0, peak) };
        detail = await ask<RunDetail>(page, 'run.detail', { runId });
      } while (detail.endedAtMs === null);
      const rates = detail.points.map((point) => point.imagesPerSecond).toSorted((a, b) => a - b);
      tell('mine and pre-train the demonstration library', {
        state: detail.state,
        seconds: round(((detail.endedAtMs ?? 0) - (detail.startedAtMs ?? 0)) / 1000),
        pairs: detail.pairs,
        imagesPerSecondMedian: round(rates[rates.length >>> 1] ?? 0),
        firstLoss: round(detail.points[0]?.loss ?? 0, 3),
        lastLoss: round(detail.lastLoss ?? 0, 3),
      });
      tell('peak resident memory, MB', peaks);
    }
    await station.close();
  }
}

try {
  measureImport();
  await measureStation();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
