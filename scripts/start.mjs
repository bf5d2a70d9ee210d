// Opens the station, or runs a command that opens it (`--run`). Plain JavaScript with nothing native behind it, so
// that a Node that is too old can still say so.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const standIn = path.join(root, 'test/electron-standin');
const electron = path.join(root, 'node_modules/electron');

const usage = `npm start [-- ARGUMENTS]              the station in Electron, or in Chromium where Electron cannot be had
npm run start:chromium [-- ARGUMENTS] the station in installed Chromium
node scripts/start.mjs [--electron] --run COMMAND...
                                      a command whose Electron is the one chosen here
ARGUMENTS go to the station: --data-folder=FOLDER holds the database and the images,
--user-data-dir=FOLDER the user's application folder; --no-demonstration opens a new data folder empty.`;

/**
 * One sentence where this Node cannot run the station, undefined where it can. The database driver needs
 * Node-API 10 and ends an older Node by a segmentation fault, without a word.
 * @param {{ node: string, napi?: string }} versions
 * @returns {string | undefined}
 */
export function refuseNode(versions) {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  const isNewEnough = major > 22 || (major === 22 && minor >= 12);
  if (isNewEnough && Number(versions.napi) >= 10) return undefined;
  return `Fovea needs Node 24 (at least 22.14, with Node-API 10) and this is Node ${versions.node}: run "npm ci" without --ignore-scripts, which brings Node 24 for "npm start", or install Node 24.`;
}

/**
 * What the command line asks for.
 * @param {readonly string[]} args
 */
export function readArguments(args) {
  const asked = { chromium: false, electron: false, help: false };
  let index = 0;
  for (; index < args.length; index += 1) {
    const argument = args[index];
    if (argument === '--run') {
      return { ...asked, command: args.slice(index + 1), passed: [] };
    }
    if (argument === '--chromium') asked.chromium = true;
    else if (argument === '--electron') asked.electron = true;
    else if (argument === '--help') asked.help = true;
    else break;
  }
  const passed = args.slice(index).filter((argument) => argument !== '--');
  return { ...asked, command: undefined, passed };
}

/** Says why nothing is started, in one line. */
function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** Newest change of any source of the build, in milliseconds. */
function newestSourceMs() {
  let newest = 0;
  const look = (file) => {
    newest = Math.max(newest, statSync(file).mtimeMs);
  };
  const walk = (folder) => {
    look(folder);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) walk(file);
      else look(file);
    }
  };
  for (const folder of ['electron', 'renderer', 'shared', 'trainer', 'scripts'])
    walk(path.join(root, folder));
  look(path.join(root, 'package-lock.json'));
  return newest;
}

/** Builds where `out` is missing or older than the sources. */
export function ensureBuilt() {
  const stamp = path.join(root, 'out/built-at');
  if (existsSync(stamp) && Number(readFileSync(stamp, 'utf8')) >= newestSourceMs()) return;
  console.error('Building the station ...');
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts/build.ts')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) stop('The build failed; the station was not started.');
}

/** Absolute path of Electron's binary, or undefined. */
function findElectron() {
  const named = path.join(electron, 'path.txt');
  if (!existsSync(named)) return undefined;
  const file = path.join(electron, 'dist', readFileSync(named, 'utf8'));
  return existsSync(file) ? file : undefined;
}

/** True where the place that Electron is downloaded from answers at all. */
async function canDownload() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror;
  if (process.env.HTTPS_PROXY ?? process.env.https_proxy) return true;
  try {
    await fetch(mirror ?? 'https://github.com/electron/electron/releases/', {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
    });
    return true;
  } catch {
    return false;
  }
}

/** Electron's binary, downloaded where it is missing and can be had; undefined otherwise. */
async function obtainElectron() {
  const there = findElectron();
  if (there !== undefined) return there;
  const online = await canDownload();
  if (online) console.error('Downloading Electron (about 110 MB, once) ...');
  // Without an answer only a copy in the download cache can help, and that is quick.
  spawnSync(process.execPath, [path.join(electron, 'install.js')], {
    cwd: electron,
    env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: '' },
    stdio: 'ignore',
    timeout: online ? 600_000 : 10_000,
  });
  return findElectron();
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const chromiumNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Absolute path of an installed Chromium: `STANDIN_CHROMIUM`, or the first known name on PATH. */
function findChromium() {
  const named = process.env.STANDIN_CHROMIUM;
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  for (const name of named ? [named] : chromiumNames) {
    const places = path.isAbsolute(name)
      ? [name]
      : folders.map((folder) => path.join(folder, name));
    const found = places.find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The environment in which the stand-in runs; ends this program where it cannot. */
function standInEnvironment(headless) {
  if (process.platform === 'win32')
    stop(
      'Without Electron the station opens on Linux and macOS only. Install Electron with "npx install-electron".',
    );
  const chromium = findChromium();
  if (chromium === undefined)
    stop(
      process.env.STANDIN_CHROMIUM
        ? `STANDIN_CHROMIUM names no program: ${process.env.STANDIN_CHROMIUM}.`
        : `No Chromium was found (looked for ${chromiumNames.slice(0, 4).join(', ')} on PATH). Install one, or name it in STANDIN_CHROMIUM.`,
    );
  const hidden = process.env.STANDIN_HEADLESS ?? headless;
  const hasDisplay =
    process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (hidden === '0' && !hasDisplay)
    stop(
      'There is no display to open a window on. Start it in a desktop, or as "xvfb-run -a npm run start:chromium", or without a window with STANDIN_HEADLESS=1.',
    );
  return {
    ...process.env,
    ELECTRON_OVERRIDE_DIST_PATH: standIn,
    STANDIN_CHROMIUM: chromium,
    STANDIN_HEADLESS: hidden,
    STANDIN_NODE: process.execPath,
  };
}

/** Runs the program to its end and ends as it did. */
function follow(program, args, env) {
  const child = spawn(program, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => stop(`${program} could not be started: ${error.message}`));
  child.on('exit', (code) => process.exit(code ?? 1));
}

const electronMissing =
  'Electron is not here and cannot be downloaded; run "npx install-electron" where there is a way to the internet.';

async function main() {
  const refused = refuseNode(process.versions);
  if (refused !== undefined) stop(refused);
  const asked = readArguments(process.argv.slice(2));
  if (asked.help) {
    console.log(usage);
    return;
  }
  if (asked.command !== undefined) {
    const [name, ...rest] = asked.command;
    if (name === undefined) stop('--run needs a command.');
    if (asked.electron && (await obtainElectron()) === undefined) stop(electronMissing);
    const env = asked.electron ? { ...process.env } : standInEnvironment('1');
    if (asked.electron) delete env.ELECTRON_OVERRIDE_DIST_PATH;
    ensureBuilt();
    follow(name === 'node' ? process.execPath : name, rest, env);
    return;
  }
  const binary = asked.chromium ? undefined : await obtainElectron();
  if (binary === undefined && asked.electron) stop(electronMissing);
  if (binary !== undefined) {
    ensureBuilt();
    // Chromium's sandbox, and so Electron's, does not start for root.
    const flags = process.platform === 'linux' && process.getuid() === 0 ? ['--no-sandbox'] : [];
    follow(binary, [root, ...flags, ...asked.passed], process.env);
    return;
  }
  const env = standInEnvironment('0');
  if (!asked.chromium)
    console.error(
      `Electron is not here and cannot be downloaded; the station opens in ${env.STANDIN_CHROMIUM} instead.`,
    );
  ensureBuilt();
  follow(path.join(standIn, 'electron'), [root, ...asked.passed], env);
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) await main();
