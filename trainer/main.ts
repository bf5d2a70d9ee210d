import { setPriority } from 'node:os';
import { trainerCommand, type TrainerReport } from '../shared/trainer-protocol.ts';
import { RunControl } from './control.ts';
import { openParentPort } from './parent-port.ts';
import { run } from './run.ts';

const heartbeatEveryMs = 2000;

const port = openParentPort();
const report = (message: TrainerReport): void => port.send(message);
const control = new RunControl((paused) => report({ kind: paused ? 'paused' : 'resumed' }));

try {
  // The reader comes first.
  setPriority(19);
} catch {
  process.stderr.write('The priority could not be lowered.\n');
}

const heartbeat = setInterval(
  () => report({ kind: 'heartbeat', residentBytes: process.memoryUsage.rss() }),
  heartbeatEveryMs,
);

/** Leaves a little time for the last message to be sent. */
function leave(code: number): void {
  clearInterval(heartbeat);
  setTimeout(() => process.exit(code), 50);
}

process.on('uncaughtException', (error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  report({
    kind: 'ended',
    outcome: 'failed',
    error: { code: 'internal', details: { reason: error.message } },
  });
  leave(1);
});

let started = false;
port.onGone(() => process.exit(0));
port.onMessage((message) => {
  const parsed = trainerCommand.safeParse(message);
  if (!parsed.success) {
    process.stderr.write(`A message that is no command was refused: ${parsed.error.message}\n`);
    return;
  }
  const command = parsed.data;
  switch (command.kind) {
    case 'start':
      if (started) {
        process.stderr.write('A second start was refused: one process does one run.\n');
        return;
      }
      started = true;
      report({ kind: 'heartbeat', residentBytes: process.memoryUsage.rss() });
      void run({ ...command, control, report, nowMs: () => performance.now() }).then((ended) => {
        report({ kind: 'heartbeat', residentBytes: process.memoryUsage.rss() });
        report(ended);
        leave(0);
      });
      break;
    case 'pause':
      control.pause();
      break;
    case 'resume':
      control.resume();
      break;
    case 'cancel':
      control.cancel();
      break;
    default:
      command satisfies never;
  }
});
