import { accessSync, constants, existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openDatabaseReadOnly } from '../../shared/database/open.ts';
import { wordError } from '../../shared/messages/error-messages.ts';
import { StationError } from '../../shared/station-error.ts';
import { databaseName } from '../app/data-folder.ts';
import { sha256Of } from '../app/file-store.ts';
import { exitCodes } from './help.ts';
import type { Output } from './output.ts';

type Verdict = 'ok' | 'warn' | 'fail';
type Check = { readonly what: string; readonly verdict: Verdict; readonly sentence: string };

/** Stored files whose hash is computed again. */
const sampleFiles = 20;
const lowDiskBytes = 2e9;

const check = (what: string, verdict: Verdict, sentence: string): Check => ({
  what,
  verdict,
  sentence,
});

function checkNode(): Check {
  const { node, napi } = process.versions;
  return Number(napi) >= 10
    ? check('Node', 'ok', `${node}, Node-API ${napi}`)
    : check('Node', 'fail', `${node} is too old: install Node 24`);
}

function checkFolder(folder: string): Check {
  if (!existsSync(folder))
    return check('data folder', 'warn', `${folder} is not there yet: the first start makes it`);
  if (!statSync(folder).isDirectory())
    return check('data folder', 'fail', `${folder} is a file: name a folder`);
  try {
    accessSync(folder, constants.R_OK | constants.W_OK);
  } catch {
    return check('data folder', 'fail', `${folder} cannot be written: give your user the right`);
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const sentence = `${folder}, ${(free / 1e9).toFixed(1)} GB free`;
  return free < lowDiskBytes
    ? check('data folder', 'warn', `${sentence}: free some space`)
    : check('data folder', 'ok', sentence);
}

async function checkDatabase(folder: string): Promise<Check[]> {
  const file = path.join(folder, databaseName);
  if (!existsSync(file)) return [check('database', 'warn', 'none yet: the first start makes it')];
  try {
    const database = openDatabaseReadOnly(file);
    try {
      const verdict = String(database.pragma('quick_check(1)', { simple: true }));
      if (verdict !== 'ok')
        return [
          check('database', 'fail', `${verdict}: put back the newest copy from the folder backups`),
        ];
      const count = (table: string): number =>
        Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
      const counts = ['study', 'image', 'reading', 'run']
        .map((table) => `${count(table)} ${table}`)
        .join(', ');
      const hashes = database
        .prepare('SELECT sha256 FROM image ORDER BY id')
        .pluck()
        .all() as string[];
      return [check('database', 'ok', counts), await checkFiles(folder, hashes)];
    } finally {
      database.close();
    }
  } catch (error) {
    const sentence = error instanceof StationError ? wordError(error) : String(error);
    return [check('database', 'fail', sentence)];
  }
}

async function checkFiles(folder: string, hashes: readonly string[]): Promise<Check> {
  const pathOf = (sha256: string): string => path.join(folder, 'files', sha256.slice(0, 2), sha256);
  const missing = hashes.filter((sha256) => !existsSync(pathOf(sha256))).length;
  if (missing > 0)
    return check(
      'files',
      'fail',
      `${missing} of ${hashes.length} are missing: import them again or put back a backup`,
    );
  const step = Math.max(1, Math.floor(hashes.length / sampleFiles));
  let wrong = 0;
  for (let i = 0; i < hashes.length; i += step) {
    const sha256 = hashes[i] ?? '';
    if (sha256Of(await readFile(pathOf(sha256))) !== sha256) wrong += 1;
  }
  return wrong > 0
    ? check('files', 'fail', `${wrong} of the files looked at are damaged: import them again`)
    : check('files', 'ok', `${hashes.length} there, a sample hashed again`);
}

async function checkEngine(): Promise<Check> {
  try {
    const name = 'onnxruntime-node';
    const { listSupportedBackends } = (await import(name)) as {
      readonly listSupportedBackends: () => readonly { readonly name: string }[];
    };
    const names = listSupportedBackends().map((backend) => backend.name);
    return check(
      'training engine',
      'ok',
      `ONNX Runtime with ${names.join(', ')}; a run says which engine it chose`,
    );
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return check('training engine', 'fail', `ONNX Runtime does not load (${reason}): run npm ci`);
  }
}

function checkWindow(): Check {
  const electron = path.resolve(import.meta.dirname, '../../node_modules/electron/dist/version');
  if (existsSync(electron)) return check('window', 'ok', 'Electron');
  const chromium = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].find((file) => existsSync(file));
  return chromium === undefined
    ? check(
        'window',
        'warn',
        'neither Electron nor Chromium: run npm start online, or install chromium',
      )
    : check('window', 'ok', `Electron's binary is absent; ${chromium} takes its place`);
}

function checkCamera(): Check {
  const how = 'whether it is allowed shows in Settings, Calibrate';
  if (process.platform !== 'linux') return check('camera', 'warn', `not looked for here: ${how}`);
  const devices = existsSync('/dev')
    ? readdirSync('/dev').filter((name) => /^video\d+$/u.test(name))
    : [];
  if (devices.length === 0)
    return check(
      'camera',
      'warn',
      'none found: gaze needs one, or the pointer for trying things out',
    );
  const denied = devices.filter((name) => {
    try {
      accessSync(path.join('/dev', name), constants.R_OK | constants.W_OK);
      return false;
    } catch {
      return true;
    }
  });
  return denied.length === devices.length
    ? check('camera', 'fail', `${denied.join(', ')} denied: add your user to the group "video"`)
    : check('camera', 'ok', `${devices.join(', ')}; ${how}`);
}

/** Checks the station without changing anything. Exit code 1 where a check fails. */
export async function doctor(dataFolder: string, output: Output): Promise<number> {
  const checks = [
    checkNode(),
    checkFolder(dataFolder),
    ...(await checkDatabase(dataFolder)),
    await checkEngine(),
    checkWindow(),
    checkCamera(),
  ];
  output.result(checks);
  for (const { what, verdict, sentence } of checks)
    output.say(`${verdict.padEnd(5)}${what}: ${sentence}`);
  return checks.some(({ verdict }) => verdict === 'fail') ? exitCodes.failed : exitCodes.ok;
}
