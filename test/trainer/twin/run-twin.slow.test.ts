import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { readTwinCommand } from '../../../scripts/twin/twin-options.ts';
import { StationError } from '../../../shared/station-error.ts';
import type { ArmResult } from '../../../trainer/twin/arm-results.ts';
import { compareArms } from '../../../trainer/twin/compare-arms.ts';
import { runTwin } from '../../../trainer/twin/run-twin.ts';
import { reportTwin, toMarkdown, type TwinReport } from '../../../trainer/twin/twin-report.ts';
import { writeMadeUpFiles } from '../../fixtures/twin-files.ts';

function openFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-twin-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const planIn = (folder: string) => {
  const { images, labels, gaze } = writeMadeUpFiles(folder);
  const files = ['--images', images, '--labels', labels, '--gaze', gaze];
  const small = ['--side', '32', '--batch', '4', '--epochs', '1', '--seeds', '2', '--rate', '0.2'];
  // Two folders choose an engine each: another one rounds otherwise.
  small.push('--engine', 'onnx-plain');
  return readTwinCommand([...files, ...small, '--simulated', '--shuffled', '--test-share', '0.4'])
    .plan;
};

/** Runs a plan; after `steps` steps somebody ends it. */
async function runPlan(
  plan: ReturnType<typeof planIn>,
  outFolder: string,
  steps = Infinity,
): Promise<{ readonly results: readonly ArmResult[]; readonly report: TwinReport | undefined }> {
  let report: TwinReport | undefined;
  let asked = 0;
  const results = await runTwin(plan, {
    outFolder,
    threads: 1,
    nowMs: () => 0,
    onProgress: () => undefined,
    checkpoint: () => {
      asked += 1;
      return asked > steps ? Promise.reject(new StationError('cancelled')) : Promise.resolve();
    },
    onArm: (inputs, so) => {
      report = reportTwin(plan, inputs, so);
      return Promise.resolve();
    },
  });
  return { results, report };
}

test('a run that was ended keeps its arms and goes on to what an unbroken one gives', async (t) => {
  const folder = openFolder(t);
  const plan = planIn(folder);
  const [whole, broken] = [path.join(folder, 'whole'), path.join(folder, 'broken')];
  const { results, report } = await runPlan(plan, whole);
  assert.equal(results.length, 6);
  assert.equal(report?.complete, true);
  const steps = (results[0]?.steps ?? 0) + 1;
  await assert.rejects(runPlan(plan, broken, steps), { code: 'cancelled' });
  const kept = path.join(broken, 'arms', 'plain-seed1.json');
  const before = statSync(kept).mtimeMs;
  const resumed = await runPlan(plan, broken);
  assert.equal(statSync(kept).mtimeMs, before, 'a finished arm is not run again');
  const scoresOf = (all: readonly ArmResult[]) =>
    Object.fromEntries(
      all.map(({ arm, seed, loss, scores }) => [`${arm} ${seed}`, { loss, scores }]),
    );
  assert.deepEqual(scoresOf(resumed.results), scoresOf(results));
  const [plain, gaze] = results;
  assert.notDeepEqual(plain?.loss, gaze?.loss, 'gaze changes what is trained');
  assert.ok((gaze?.mined?.pairs ?? 0) > 0);
  const page = toMarkdown(report);
  assert.match(page.split('\n\n')[1] ?? '', /SIMULATED/u);
  assert.match(page, /^\*\*Only 2 seeds: no interval is given/mu);
  assert.match(page, /AUC by linear probe; fewer than three seeds: this is no result/u);
  assert.doesNotMatch(page, /\d\.\d{3} \[/u);
  for (const line of page.split('\n'))
    if (/^\| (?:gaze|shuffled) /u.test(line)) assert.match(line, /SIMULATED/u);
});

test('a report names the arms whose embeddings are nearly alike', async (t) => {
  const folder = openFolder(t);
  const { report } = await runPlan({ ...planIn(folder), seeds: [1] }, path.join(folder, 'out'));
  assert.ok(report);
  const withSpread = (spread: number | null): TwinReport => ({
    ...report,
    arms: report.arms.map((arm) => (arm.arm === 'gaze' ? { ...arm, spread } : arm)),
  });
  assert.match(
    toMarkdown(withSpread(0.09)),
    /^- gaze: embeddings are nearly alike \(spread 0\.090/mu,
  );
  for (const spread of [0.5, null])
    assert.doesNotMatch(toMarkdown(withSpread(spread)), /gaze: embeddings are nearly alike/u);
});

test('a folder of another run is refused, and gaze of test images changes nothing', async (t) => {
  const folder = openFolder(t);
  const plan = { ...planIn(folder), seeds: [1] };
  const out = path.join(folder, 'out');
  const { results, report } = await runPlan(plan, out);
  assert.ok(report);
  const trainNames = new Set<string>();
  await runTwin(plan, {
    outFolder: out,
    threads: 1,
    nowMs: () => 0,
    onProgress: () => undefined,
    checkpoint: () => Promise.resolve(),
    onArm: (inputs) => {
      for (const { file } of inputs.train) trainNames.add(path.parse(file).name);
      return Promise.resolve();
    },
  });
  const gazeFile = plan.arms[1]?.gaze ?? '';
  const lines = readFileSync(gazeFile, 'utf8').split('\n');
  const fewer = lines.filter((line, k) => k === 0 || trainNames.has(line.split(',')[0] ?? ''));
  assert.ok(fewer.length < lines.length - 1);
  writeFileSync(gazeFile, `${fewer.join('\n')}\n`);
  await assert.rejects(runPlan(plan, out), { code: 'invalid-input' });
  const again = await runPlan(plan, path.join(folder, 'other'));
  assert.deepEqual(
    again.results.map(({ scores }) => scores),
    results.map(({ scores }) => scores),
  );
});

test('the difference is that of the same seeds, and its interval holds chance of patients', () => {
  const count = 40;
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const patients = Int32Array.from({ length: count }, (_, i) => Math.floor(i / 2));
  const test_ = { classCount: 2, labels, patients };
  const scores = (sure: (i: number) => number): number[] =>
    [...labels.keys()].flatMap((i) => [1 - sure(i), sure(i)]);
  const right = scores((i) => (i % 2 === 1 ? 0.9 : 0.1));
  const even = scores(() => 0.5);
  const judged = [1, 2, 3, 4].flatMap((seed) => [
    { arm: 'plain', seed, scores: { 'linear-probe': even, 'k-nn': even } },
    { arm: 'gaze', seed, scores: { 'linear-probe': right, 'k-nn': even } },
  ]);
  const rounds = { rounds: 200, seed: 1 };
  const [, gaze] = compareArms(judged.toSpliced(4, 1), 'plain', test_, rounds);
  assert.deepEqual(gaze?.seeds, [1, 2, 4], 'a seed that the baseline lacks does not count');
  const { auc } = gaze.figures['linear-probe'];
  assert.deepEqual(auc.difference, { value: 0.5, low: 0.5, high: 0.5 });
  assert.deepEqual(gaze.figures['k-nn'].auc.difference, { value: 0, low: 0, high: 0 });
  assert.equal(auc.mean.value, 1);
  // Of two seeds nothing is known of the spread of seeds.
  const [base, two] = compareArms(judged.slice(0, 4), 'plain', test_, rounds);
  for (const figure of [
    base?.figures['linear-probe'].auc.mean,
    two?.figures['k-nn'].auc.difference,
  ])
    assert.deepEqual([figure?.low, figure?.high], [Number.NaN, Number.NaN]);
  assert.equal(two?.figures['linear-probe'].auc.difference?.value, 0.5);
});
