import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, suite, test } from 'node:test';
import { DatabaseSync } from 'node:sqlite';
import { callStation, type LaunchedStation, launchStation, stationCommand } from './station.ts';

/** Shows what the failed start says, closes its only window and gives the program's exit code. */
async function readFailure(failed: LaunchedStation): Promise<{ text: string; code: unknown }> {
  const text = (await failed.page.getByRole('alert').textContent()) ?? '';
  await failed.assertQuiet();
  const ended = new Promise((resolve) => failed.app.process().once('exit', resolve));
  await failed.page.close();
  return { text, code: await ended };
}

suite('a station that cannot open', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-failures-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const dataFolder = path.join(folder, 'data');
  const open = (): Promise<LaunchedStation> =>
    launchStation({ dataFolder, args: ['--no-demonstration'] });

  test('the second station on one data folder says who has it, and the first goes on', async () => {
    mkdirSync(dataFolder);
    const first = await open();
    const { text, code } = await readFailure(await open());
    assert.match(text, /Another Fovea .*uses the data folder/u);
    assert.ok(text.includes(dataFolder));
    assert.ok(text.includes(String(await first.app.evaluate(() => process.pid))));
    assert.equal(code, 1);
    assert.equal((await callStation(first.page, 'station.state', {})).ok, true);
    await first.assertQuiet();
    await first.close();
  });

  test('the folder of a station that was killed opens again', async () => {
    const killed = await open();
    const closed = killed.page.waitForEvent('close');
    process.kill(await killed.app.evaluate(() => process.pid), 'SIGKILL');
    await closed;
    const again = await open();
    assert.equal((await callStation(again.page, 'station.state', {})).ok, true);
    await again.close();
  });

  test('a database of a newer Fovea is refused and stays as it is', async () => {
    const file = path.join(dataFolder, 'fovea.sqlite');
    const database = new DatabaseSync(file);
    const { user_version: version } = database.prepare('pragma user_version').get() ?? {};
    database.exec('pragma user_version = 999999');
    database.close();
    const { text, code } = await readFailure(await open());
    assert.match(text, /newer/u);
    assert.equal(code, 1);
    const reopened = new DatabaseSync(file);
    assert.equal(reopened.prepare('pragma user_version').get()?.['user_version'], 999_999);
    reopened.exec(`pragma user_version = ${Number(version)}`);
    reopened.close();
  });

  test('a database that is none is called damaged and stays as it is', async () => {
    const damaged = path.join(folder, 'damaged');
    mkdirSync(damaged);
    writeFileSync(path.join(damaged, 'fovea.sqlite'), 'This is no database. '.repeat(500));
    const { text, code } = await readFailure(await launchStation({ dataFolder: damaged }));
    assert.match(text, /damaged/u);
    assert.equal(code, 1);
    assert.match(readFileSync(path.join(damaged, 'fovea.sqlite'), 'utf8'), /^This is no database/u);
  });

  test('a data folder that is a file is named, also on standard error', async () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const { text, code } = await readFailure(await launchStation({ dataFolder: file }));
    assert.ok(text.includes(file));
    assert.equal(code, 1);

    const { program, args } = stationCommand([
      `--data-folder=${file}`,
      `--user-data-dir=${path.join(folder, 'user')}`,
    ]);
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const limit = setTimeout(() => child.kill('SIGTERM'), 30_000);
    let output = '';
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
        if (output.includes('fovea: ')) resolve();
      });
      child.once('exit', () => resolve());
    });
    clearTimeout(limit);
    child.kill('SIGTERM');
    assert.ok(output.includes(`fovea: ${text}`), output);
    assert.ok(existsSync(file));
  });
});
