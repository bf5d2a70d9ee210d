import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { rendererOptions } from '../../scripts/renderer-options.ts';

/** The station's policy (electron/app/file-server.ts has the product's own line). */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
};

export type ServedPage = {
  /** Ends with a slash. */
  readonly url: string;
  /** Folder of the built page: further files may be put there. */
  readonly folder: string;
  readonly close: () => Promise<void>;
};

/**
 * Serves a built page on loopback. `files` are served under their names, each an absolute path; `isOwn`: the folder is
 * removed at the end.
 */
async function serveFolder(
  folder: string,
  files: Readonly<Record<string, string>>,
  isOwn: boolean,
): Promise<ServedPage> {
  const server = createServer((request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? '/', 'http://page').pathname).slice(1);
    const file = files[name] ?? path.join(folder, path.normalize(`/${name || 'index.html'}`));
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': types[path.extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy,
      'Cache-Control': 'no-store',
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/`,
    folder,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (isOwn) rmSync(folder, { recursive: true });
    },
  };
}

/** Builds the page whose index.html lies in `root` with the product's options and serves it, `files` beside it. */
export async function servePage(
  root: string,
  files: Readonly<Record<string, string>> = {},
): Promise<ServedPage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-page-'));
  await build(rendererOptions(root, folder));
  return serveFolder(folder, files, true);
}

/** Serves the product's own page, built where `out` is missing or older than the sources. */
export async function serveProduct(
  files: Readonly<Record<string, string>> = {},
): Promise<ServedPage> {
  const root = path.resolve(import.meta.dirname, '../..');
  const { ensureBuilt } = (await import(
    pathToFileURL(path.join(root, 'scripts/start.mjs')).href
  )) as { readonly ensureBuilt: () => void };
  ensureBuilt();
  return serveFolder(path.join(root, 'out/renderer'), files, false);
}
