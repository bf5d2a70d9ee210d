import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';

/**
 * The page's Content-Security-Policy: code and workers from the station alone, WebAssembly for decoders
 * and the face model, data: and blob: pictures and inline style attributes for cornerstone's tools.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** An answer without content. */
export function refuseFile(status: number): Response {
  return new Response(null, { status, headers });
}

/**
 * The file below `root` that an already decoded URL path names, or undefined where it leaves the root,
 * holds NUL, a backslash, an encoded separator or dot, or names no file. Links that lead out of the root
 * are refused too.
 */
export async function resolveInside(root: string, urlPath: string): Promise<string | undefined> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (/[\0\\]|%(?:2e|2f|5c|00)/iu.test(decoded) || !decoded.startsWith('/')) return undefined;
  if (decoded.split('/').some((part) => part === '..' || part === '.')) return undefined;
  const file = path.join(root, decoded.endsWith('/') ? `${decoded}index.html` : decoded);
  try {
    const [real, realRoot] = await Promise.all([realpath(file), realpath(root)]);
    if (!real.startsWith(realRoot + path.sep)) return undefined;
    return (await stat(real)).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

/** Streams a file with the station's headers. */
export async function serveFile(
  file: string,
  type: string | undefined,
  isHead: boolean,
): Promise<Response> {
  let size: number;
  try {
    ({ size } = await stat(file));
  } catch {
    return refuseFile(404);
  }
  const all = {
    ...headers,
    'Content-Type': type ?? types[path.extname(file)] ?? 'application/octet-stream',
    'Content-Length': String(size),
    'Cache-Control': 'no-store',
  };
  if (isHead) return new Response(null, { headers: all });
  const stream = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  return new Response(stream, { headers: all });
}
