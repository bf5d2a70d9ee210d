// What Electron's binary does before the application's own code: argv, `-r` files, the entry of package.json.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// argv is [program, ...arguments], as in Electron.
process.argv.splice(1, 1);
process.execArgv.length = 0;

const { app } = await import('./app.ts');
const { runtime } = await import('./runtime.ts');
const { start } = await import('./start.ts');

/** How long code that never asks for ready may load; Playwright's loader hides a top-level `whenReady`. */
const loadLimitMs = 1500;

const require = createRequire(path.join(process.cwd(), 'standin.cjs'));
for (const file of runtime.arguments.preloads) require(file);

const root = path.resolve(runtime.arguments.entry ?? '.');
let entry = root;
if (statSync(root).isDirectory()) {
  const description = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    readonly name?: string;
    readonly productName?: string;
    readonly version?: string;
    readonly main?: string;
  };
  entry = path.join(root, description.main ?? 'index.js');
  app.bootstrap.describe(description, root);
}

process.on('SIGTERM', () => app.quit());
process.on('SIGINT', () => app.quit());

const loading = import(pathToFileURL(entry).href);
app.bootstrap.arm();
loading.catch((error: unknown) => {
  console.error('App threw an error during load\n', error);
  process.exit(1);
});
await Promise.race([
  loading,
  app.bootstrap.wanted,
  new Promise((resolve) => setTimeout(resolve, loadLimitMs)),
]);
if (!app.bootstrap.hasEnded()) await start();
