import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { app } from './app.ts';
import { fromLoopback } from './address.ts';
import { refuse } from './refuse.ts';
import { runtime } from './runtime.ts';

type Handler = (request: Request) => Response | Promise<Response>;

/** Electron's `protocol`: custom schemes, served on loopback under one host name for each `scheme://host`. */
export const protocol = {
  registerSchemesAsPrivileged(_schemes: readonly object[]): void {
    if (app.isReady()) refuse('registerSchemesAsPrivileged after ready');
  },
  handle(scheme: string, handler: Handler): void {
    if (runtime.schemes.has(scheme)) refuse(`${scheme} is handled already`);
    runtime.schemes.set(scheme, handler);
  },
  unhandle(scheme: string): void {
    runtime.schemes.delete(scheme);
  },
  isProtocolHandled: (scheme: string): boolean => runtime.schemes.has(scheme),
};

/** The request as the application's handler gets it: its own address, a streamed body. */
function toRequest(incoming: IncomingMessage, url: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (name === 'origin' || name === 'referer')
      headers.set(name, fromLoopback(String(value), runtime.port));
    else if (name !== 'cookie' && name !== 'host') headers.set(name, String(value));
  const method = incoming.method ?? 'GET';
  const body =
    method === 'GET' || method === 'HEAD'
      ? {}
      : { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' as const };
  return new Request(url, { method, headers, ...body });
}

const originOf = (incoming: IncomingMessage): string => `http://${incoming.headers.host ?? ''}`;

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = fromLoopback(`${originOf(incoming)}${incoming.url ?? '/'}`, runtime.port);
  const handler = runtime.schemes.get(/^(?<scheme>[a-z0-9+.-]+):/u.exec(url)?.[1] ?? '');
  if (handler === undefined) {
    outgoing.writeHead(421).end();
    return;
  }
  if (!(incoming.headers.cookie ?? '').split('; ').includes(`standin=${runtime.cookie}`)) {
    outgoing.writeHead(403).end();
    return;
  }
  if (new URL(url).pathname === '/favicon.ico') {
    // Chromium asks every http server for it, Electron no scheme of its own.
    outgoing.writeHead(204).end();
    return;
  }
  const response = await handler(toRequest(incoming, url));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) outgoing.end();
  // Where the page goes away the stream is cancelled, which is all that Electron tells too.
  else await pipeline(Readable.fromWeb(response.body), outgoing);
}

/** Starts the server on a free port of loopback; resolves when it listens. */
export async function listen(): Promise<void> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      if (outgoing.destroyed) return;
      console.error('electron stand-in: a protocol handler failed.', error);
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500).end();
    });
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  runtime.port = (server.address() as AddressInfo).port;
}
