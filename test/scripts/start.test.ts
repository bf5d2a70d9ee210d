import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const script = path.resolve(import.meta.dirname, '../../scripts/start.mjs');

type Start = {
  readonly refuseNode: (versions: { node: string; napi?: string }) => string | undefined;
  readonly readArguments: (args: readonly string[]) => {
    chromium: boolean;
    electron: boolean;
    command: readonly string[] | undefined;
    passed: readonly string[];
  };
};
const { refuseNode, readArguments } = (await import(pathToFileURL(script).href)) as Start;

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, signal, stdout, stderr } = spawnSync(program, [script, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  return { status, signal, stdout, lines: stderr.trim().split('\n') };
}

test('a Node without Node-API 10 is refused in one sentence that says what to do', () => {
  for (const versions of [
    { node: '20.20.2', napi: '9' },
    { node: '22.12.0', napi: '9' },
    { node: '18.0.0' },
    { node: '21.9.0', napi: '10' },
  ]) {
    const sentence = refuseNode(versions) ?? '';
    assert.match(sentence, /Node 24/u);
    assert.match(sentence, /npm ci/u);
    assert.ok(sentence.includes(versions.node));
    assert.ok(!sentence.includes('\n'));
  }
});

test('the Node of this project, and newer ones, are taken', () => {
  for (const versions of [
    process.versions,
    { node: '22.14.0', napi: '10' },
    { node: '26.0.0', napi: '12' },
  ])
    assert.equal(refuseNode(versions), undefined);
});

/** A Node on PATH that is too old for the station. */
const oldNode = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .map((folder) => path.join(folder, 'node'))
  .filter((file) => existsSync(file))
  .find(
    (file) =>
      Number(spawnSync(file, ['-p', 'process.versions.napi'], { encoding: 'utf8' }).stdout) < 10,
  );

test(
  'an old Node gets one line and the code 1, not a segmentation fault',
  { skip: oldNode === undefined ? 'no Node older than 22.14 is on PATH' : false },
  () => {
    for (const args of [[], ['--chromium'], ['--run', 'node', '--version']]) {
      const { status, signal, stdout, lines } = run(oldNode ?? '', args);
      assert.deepEqual([status, signal, stdout, lines.length], [1, null, '', 1]);
      assert.match(lines[0] ?? '', /^Fovea needs Node 24/u);
    }
  },
);

test("arguments after the launcher's own go to the station, or to the command", () => {
  assert.deepEqual(readArguments(['--chromium', '--', '--data-folder=/x']).passed, [
    '--data-folder=/x',
  ]);
  assert.deepEqual(readArguments(['--data-folder=/x', '--run']).passed, [
    '--data-folder=/x',
    '--run',
  ]);
  const asked = readArguments(['--electron', '--run', 'node', '--test', '--', '--electron']);
  assert.equal(asked.electron, true);
  assert.deepEqual(asked.command, ['node', '--test', '--', '--electron']);
});

const linux = { skip: process.platform === 'linux' ? false : 'looks for a display as Linux does' };

test('a browser that is not there is one line with the names that were tried', () => {
  const none = run(process.execPath, ['--chromium'], { PATH: '' });
  assert.deepEqual([none.status, none.lines.length], [1, 1]);
  assert.match(none.lines[0] ?? '', /chromium, chromium-browser, google-chrome.*STANDIN_CHROMIUM/u);
  const named = run(process.execPath, ['--chromium'], { STANDIN_CHROMIUM: '/no/such/browser' });
  assert.deepEqual(named.lines, ['STANDIN_CHROMIUM names no program: /no/such/browser.']);
});

test('without a display the launcher says how to go on', linux, () => {
  // Any program will do: it is never started.
  const { status, lines } = run(process.execPath, ['--chromium'], {
    STANDIN_CHROMIUM: process.execPath,
  });
  assert.deepEqual([status, lines.length], [1, 1]);
  assert.match(lines[0] ?? '', /xvfb-run.*STANDIN_HEADLESS=1/u);
});

test('the launcher can be asked for help', () => {
  const { status, stdout } = run(process.execPath, ['--help']);
  assert.equal(status, 0);
  assert.match(stdout, /--data-folder=FOLDER/u);
});
