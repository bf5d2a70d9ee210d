import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type InlineConfig, type Logger, build, createLogger } from 'vite';
import { rendererOptions } from './renderer-options.ts';
import { writeWebgazerFiles } from './webgazer-files.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Parts of the built product, each a folder of `out`. */
const parts = ['main', 'preload', 'trainer', 'renderer'] as const;

/**
 * Vite's options for what Node runs: one file of our own code. Packages stay outside, as the unit tests
 * load them: some find their native part or their wasm beside themselves.
 */
function nodeOptions(
  entry: string,
  outFolder: string,
  fileName: string,
  emptyOutDir = true,
): InlineConfig {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: path.join(root, entry),
      outDir: outFolder,
      emptyOutDir,
      target: 'node24',
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        external: ['electron'],
        output: {
          format: fileName.endsWith('.cjs') ? 'cjs' : 'esm',
          entryFileNames: fileName,
          codeSplitting: false,
        },
      },
    },
  };
}

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
    await build(nodeOptions('electron/main.ts', path.join(aside, 'main'), 'main.js'));
    await build(nodeOptions('electron/preload.ts', path.join(aside, 'preload'), 'preload.cjs'));
    await build(nodeOptions('trainer/main.ts', path.join(aside, 'trainer'), 'main.js'));
    // Threads of the trainer, and the process that tries an engine: their files lie beside the trainer's.
    for (const thread of [
      'mining/mining-worker',
      'data/view-worker',
      'engine/weights-worker',
      'engine/check-child',
    ])
      await build(
        nodeOptions(
          `trainer/${thread}.ts`,
          path.join(aside, 'trainer'),
          `${path.basename(thread)}.js`,
          false,
        ),
      );
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
