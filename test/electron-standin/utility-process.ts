import { type ChildProcess, type Serializable, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import path from 'node:path';
import { app } from './app.ts';

type ForkOptions = {
  readonly env?: NodeJS.ProcessEnv;
  readonly execArgv?: readonly string[];
  readonly stdio?: 'pipe' | 'inherit' | 'ignore';
  readonly serviceName?: string;
};

/** Electron's `UtilityProcess`: a child with messages. */
class UtilityProcess extends EventEmitter {
  readonly stdout: ChildProcess['stdout'];
  readonly stderr: ChildProcess['stderr'];
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, serviceName: string) {
    super();
    this.#child = child;
    this.stdout = child.stdout;
    this.stderr = child.stderr;
    child.on('spawn', () => this.emit('spawn'));
    child.on('message', (message) => this.emit('message', message));
    child.on('error', (error) => console.error(`electron stand-in: ${error.message}`));
    child.on('exit', (code, signal) => {
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      const reason = signal === null ? (code === 0 ? 'clean-exit' : 'abnormal-exit') : 'killed';
      app.emit('child-process-gone', {}, { type: 'Utility', reason, exitCode, serviceName });
      this.emit('exit', exitCode);
    });
  }
  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null
      ? this.#child.pid
      : undefined;
  }
  postMessage(message: Serializable): void {
    if (this.#child.connected) this.#child.send(message);
  }
  /** SIGTERM, as Electron has it. */
  kill(): boolean {
    return this.#child.kill();
  }
}

const running = new Set<ChildProcess>();
// Electron's utility processes do not outlive the application.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Electron's `utilityProcess`. */
export const utilityProcess = {
  fork(modulePath: string, args: readonly string[] = [], options: ForkOptions = {}) {
    const output = options.stdio ?? 'inherit';
    const child = fork(modulePath, args, {
      execArgv: [
        '--disable-warning=ExperimentalWarning',
        '--import',
        path.join(import.meta.dirname, 'boot.ts'),
        ...(options.execArgv ?? []),
      ],
      env: { ...(options.env ?? process.env), STANDIN_UTILITY: '1' },
      serialization: 'advanced',
      stdio: ['ignore', output, output, 'ipc'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return new UtilityProcess(child, options.serviceName ?? 'Node Utility Process');
  },
};
