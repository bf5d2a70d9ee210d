import { createInterface } from 'node:readline';
import { utilityProcess } from 'electron';
import type { TrainerProcess } from './host.ts';
import { trainerEnvironment } from './trainer-environment.ts';

/**
 * Starts the trainer as a utility process. Electron reports an exit code alone, so `signal` is known only
 * where `kill` was called here.
 */
export function forkTrainer(file: string): TrainerProcess {
  const child = utilityProcess.fork(file, [], {
    serviceName: 'Fovea trainer',
    env: trainerEnvironment(),
    stdio: 'pipe',
  });
  let isKilled = false;
  return {
    get pid() {
      return child.pid;
    },
    send(command) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- not a window
      child.postMessage(command);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onOutput(listener) {
      for (const input of [child.stdout, child.stderr])
        if (input !== null) createInterface({ input }).on('line', listener);
    },
    onExit(listener) {
      child.once('exit', (code) => listener(isKilled ? null : code, isKilled ? 'SIGKILL' : null));
    },
    kill() {
      isKilled = true;
      // Its own kill is a SIGTERM, which a trainer that hangs in native code does not hear.
      if (child.pid === undefined) child.kill();
      else process.kill(child.pid, 'SIGKILL');
    },
  };
}
