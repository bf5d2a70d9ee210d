import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';

type Parameters = Readonly<Record<string, unknown>>;
type Message = {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: unknown;
  readonly sessionId?: string;
};
type Waiting = {
  readonly method: string;
  resolve(result: unknown): void;
  reject(error: Error): void;
};

/** One target's part of the connection; emits the target's events by their method names. */
export class CdpSession extends EventEmitter {
  readonly #connection: Cdp;
  readonly #sessionId: string;

  constructor(connection: Cdp, sessionId: string) {
    super();
    this.setMaxListeners(0);
    this.#connection = connection;
    this.#sessionId = sessionId;
  }

  /** `Result` is what Chromium's protocol says of the method; nothing checks it. */
  send<Result = unknown>(method: string, parameters: Parameters = {}): Promise<Result> {
    return this.#connection.send<Result>(method, parameters, this.#sessionId);
  }
}

/** A connection to Chromium's debugging protocol; emits the browser's events by their method names, and `close`. */
export class Cdp extends EventEmitter {
  #write: (text: string) => void = () => {
    throw new Error('There is no connection to Chromium yet.');
  };
  #lastId = 0;
  #closed = false;
  readonly #waiting = new Map<number, Waiting>();
  readonly #sessions = new Map<string, CdpSession>();

  /** Over the pipes 3 and 4: Chromium ends by itself when this process does, however it ends. */
  connectPipe(chromium: ChildProcess): void {
    const toChromium = chromium.stdio[3] as Writable;
    const fromChromium = chromium.stdio[4] as Readable;
    let parts: Buffer[] = [];
    toChromium.on('error', () => this.#end());
    this.#write = (text) => toChromium.write(`${text}\0`);
    fromChromium.on('data', (chunk: Buffer) => {
      let rest = chunk;
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        parts.push(rest.subarray(0, end));
        this.#receive(Buffer.concat(parts).toString('utf8'));
        parts = [];
        rest = rest.subarray(end + 1);
      }
      if (rest.length > 0) parts.push(rest);
    });
    fromChromium.on('close', () => this.#end());
  }

  /** Over a WebSocket, for Playwright, which wants a port; Chromium then ignores the pipe. */
  async connectSocket(url: string): Promise<void> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve());
      socket.addEventListener('error', () =>
        reject(new Error('Chromium refused the debugging connection.')),
      );
    });
    this.#write = (text) => socket.send(text);
    socket.addEventListener('message', (event) => this.#receive(String(event.data)));
    socket.addEventListener('close', () => this.#end());
  }

  send<Result = unknown>(
    method: string,
    parameters: Parameters = {},
    sessionId?: string,
  ): Promise<Result> {
    if (this.#closed) return Promise.reject(new Error(`${method}: Chromium is gone.`));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.set(id, {
        method,
        resolve: (result) => resolve(result as Result),
        reject,
      });
      this.#write(JSON.stringify({ id, method, params: parameters, sessionId }));
    });
  }

  async attach(targetId: string): Promise<CdpSession> {
    const { sessionId } = await this.send<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    const session = new CdpSession(this, sessionId);
    this.#sessions.set(sessionId, session);
    return session;
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.id !== undefined) {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error === undefined) waiting?.resolve(message.result);
      else waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`));
    } else if (message.method !== undefined) {
      const target = message.sessionId === undefined ? this : this.#sessions.get(message.sessionId);
      target?.emit(message.method, message.params);
    }
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const waiting of this.#waiting.values())
      waiting.reject(new Error(`${waiting.method}: Chromium is gone.`));
    this.#waiting.clear();
    this.emit('close');
  }
}
