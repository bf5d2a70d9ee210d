import { type FSWatcher, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';

type Knock = (argv: string[], folder: string) => void;

let held: { readonly lock: string; readonly watcher: FSWatcher } | undefined;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Electron's single instance lock of a profile folder: true where this process has it. Where another living
 * process has it, that one hears `knock` with the command line of this one.
 */
export function takeInstance(folder: string, knock: Knock): boolean {
  if (held !== undefined) return true;
  const lock = path.join(folder, 'standin-instance.pid');
  const door = path.join(folder, 'standin-instance.knock');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      const watcher = watch(folder, (_event, file) => {
        if (file === path.basename(door)) answer(door, knock);
      });
      watcher.unref();
      held = { lock, watcher };
      return true;
    } catch {
      const holder = Number(readLock(lock));
      if (isAlive(holder)) break;
      rmSync(lock, { force: true });
    }
  }
  writeFileSync(door, JSON.stringify({ argv: process.argv, folder: process.cwd() }));
  return false;
}

function readLock(lock: string): string {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return '';
  }
}

function answer(door: string, knock: Knock): void {
  try {
    const { argv, folder } = JSON.parse(readFileSync(door, 'utf8')) as {
      argv: string[];
      folder: string;
    };
    rmSync(door, { force: true });
    knock(argv, folder);
  } catch {
    // Not written to its end yet, or answered already: the next change tells again.
  }
}

export function releaseInstance(): void {
  held?.watcher.close();
  if (held !== undefined) rmSync(held.lock, { force: true });
  held = undefined;
}
