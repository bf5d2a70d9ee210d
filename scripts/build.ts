import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type InlineConfig, type Logger, build, createLogger } from 'vite';
import { rendererOptions } from './renderer-options.ts';
import { writeWebgazerFiles } from './webgazer-files.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Parts of the built product, each a folder of `out`. */
const parts = ['main', 'preload', 'trainer', 'renderer'] as const;

/** What of the trainer runs as a process or a thread of its own, by its source's path without ending. */
const trainerEntries = [
  'main',
  'engine/check-child',
  'mining/mining-worker',
  'data/view-worker',
  'engine/weights-worker',
] as const;

/**
 * Vite's options for what Node runs: our own code alone. Packages stay outside, as the unit tests load them: some
 * find their native part or their wasm beside themselves. `entries`: sources by the name of the built file.
 */
function nodeOptions(
  entries: Readonly<Record<string, string>>,
  outFolder: string,
  ending: '.js' | '.cjs' = '.js',
): InlineConfig {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: true,
      outDir: outFolder,
      emptyOutDir: true,
      target: 'node24',
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: { ...entries },
        external: ['electron'],
        output: {
          format: ending === '.cjs' ? 'cjs' : 'esm',
          entryFileNames: `[name]${ending}`,
          // In the same folder: a module finds threads and processes beside itself (trainer/sibling-file.ts).
          chunkFileNames: `[name]-[hash]${ending}`,
        },
      },
    },
  };
}

/**
 * Builds the trainer's process with its threads. What the sources import only when it is asked for stays in files
 * that are loaded then: a machine may lack the library of an engine.
 */
export const buildTrainer = (outFolder: string): Promise<unknown> =>
  build(
    nodeOptions(
      Object.fromEntries(
        trainerEntries.map((entry) => [
          path.posix.basename(entry),
          path.join(root, `trainer/${entry}.ts`),
        ]),
      ),
      outFolder,
    ),
  );

/** The decoders hold a branch for Node that a page never takes; about that Vite need not warn. */
function quietLogger(): Logger {
  const logger = createLogger('warn');
  return {
    ...logger,
    warn(text, options) {
      if (!text.includes('has been externalized for browser compatibility'))
        logger.warn(text, options);
    },
  };
}

/**
 * Builds main, preload, trainer and the page into `out`. Each part is built aside and then moved into its
 * place, so that a running station keeps its files. `page` is the folder of index.html.
 */
export async function buildAll(
  out: string = path.join(root, 'out'),
  page: string = path.join(root, 'renderer'),
): Promise<void> {
  const startedAtMs = Date.now();
  const aside = path.join(out, `.building-${process.pid}`);
  mkdirSync(aside, { recursive: true });
  try {
    const electron = (name: string): Readonly<Record<string, string>> => ({
      [name]: path.join(root, `electron/${name}.ts`),
    });
    await build(nodeOptions(electron('main'), path.join(aside, 'main')));
    await build(nodeOptions(electron('preload'), path.join(aside, 'preload'), '.cjs'));
    await buildTrainer(path.join(aside, 'trainer'));
    await build({
      ...rendererOptions(page, path.join(aside, 'renderer')),
      customLogger: quietLogger(),
    });
    await writeWebgazerFiles(path.join(aside, 'renderer'));
    for (const part of parts) {
      const place = path.join(out, part);
      if (existsSync(place)) renameSync(place, path.join(aside, `old-${part}`));
      renameSync(path.join(aside, part), place);
    }
    writeFileSync(path.join(out, 'built-at'), String(startedAtMs));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const startedAtMs = Date.now();
  await buildAll();
  console.log(`Built into out/ in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s.`);
}
