import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openDatabaseReadOnly } from '../../shared/database/open.ts';
import { listPoints } from '../../shared/database/run-history.ts';
import { openApplication } from '../../electron/app/application.ts';
import type { RunDetail } from '../../shared/ipc/answers.ts';
import { createNodeHost } from '../../electron/host/node-host.ts';
import { assertWentOn } from '../fixtures/assert-went-on.ts';
import { waitFor } from '../fixtures/wait-for.ts';

const program = path.resolve(import.meta.dirname, '../../bin/fovea.mjs');

function fovea(...args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('the demonstration library without a window', () => {
  const data = mkdtempSync(path.join(tmpdir(), 'fovea-cli-demo-'));
  const at = ['--data-folder', data] as const;

  before(async () => {
    const host = createNodeHost(data, () => undefined);
    const application = await openApplication(host, { demonstration: true });
    await application.close();
  });
  after(() => rmSync(data, { recursive: true }));

  test('mine, train and export end with 0, say the figures and call simulated what is', () => {
    const mined = fovea('mine', '--modality', 'OP', ...at);
    assert.equal(mined.code, 0, mined.err);
    assert.match(mined.out, /^multimatch: [1-9]\d* pairs above the threshold, of \d+ compared/mu);
    assert.match(mined.out, /^Simulated readings or images took part\.$/mu);

    const options = ['--image-side', '32', '--batch', '4', '--epochs', '1', '--modality', 'OP'];
    const trained = fovea('train', ...options, '--json', ...at);
    assert.equal(trained.code, 0, trained.err);
    const detail = JSON.parse(trained.out) as { encoder: { file: string } | null };
    assert.ok(detail.encoder !== null);
    const encoder = [path.join(data, detail.encoder.file), detail.encoder.file].find((file) =>
      existsSync(file),
    );
    assert.ok(encoder !== undefined, detail.encoder.file);

    const exported = fovea('export', '--json', ...at);
    assert.equal(exported.code, 0, exported.err);
    const { folder, readings } = JSON.parse(exported.out) as { folder: string; readings: number };
    assert.ok(readings > 0);
    assert.match(readFileSync(path.join(folder, 'readings.csv'), 'utf8'), /simulated/u);
    const bare = fovea('export', '--no-simulated', '--json', ...at);
    assert.equal((JSON.parse(bare.out) as { readings: number }).readings, 0);
  });

  test('a run whose process was killed is resumed from its checkpoint', async () => {
    const small = ['--image-side', '32', '--batch', '4', '--epochs', '20', '--modality', 'OP'];
    const child = spawn(process.execPath, [program, 'train', ...small, ...at], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (told += chunk));
    const runOf = (): string => /run (\d+)/u.exec(told)?.[1] ?? '';
    const pointsStored = (): RunDetail['points'] => {
      const database = openDatabaseReadOnly(path.join(data, 'fovea.sqlite'));
      try {
        return listPoints(database, Number(runOf()));
      } finally {
        database.close();
      }
    };
    const hasBegun = (): boolean => {
      assert.equal(child.exitCode, null, `the run ended before it could be killed: ${told}`);
      const checkpoint = path.join(data, 'runs', runOf(), 'checkpoint.safetensors');
      return existsSync(checkpoint) && pointsStored().length > 0;
    };
    await waitFor(hasBegun, 'a stored loss and a checkpoint', 20);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const before = pointsStored();
    const runId = runOf();
    const resumed = fovea('resume', runId, '--json', ...at);
    assert.equal(resumed.code, 0, resumed.err);
    const { state, points } = JSON.parse(resumed.out) as RunDetail;
    assert.equal(state, 'done');
    assertWentOn({ points: before }, { points });
    assert.equal(fovea('resume', runId, ...at).code, 1);
  });

  test('Ctrl+C cancels training after its step and ends with 130', async () => {
    const child = spawn(process.execPath, [program, 'train', '--epochs', '500', ...at], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      told += chunk;
      if (/pretraining|pre-training|loss/u.test(told) && !child.killed) child.kill('SIGINT');
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 130, told);
    assert.match(told, /^Cancelled\.$/mu);
  });
});
