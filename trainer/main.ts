import path from 'node:path';
import { trainerCommand, type TrainerReport } from '../shared/trainer-protocol.ts';
import { RunControl } from './control.ts';
import { giveWay } from './give-way.ts';
import { openParentPort } from './parent-port.ts';
import { type Ended, run, tellEnd } from './run.ts';
import { exportEncoder } from './weights/export-encoder.ts';
import { readEncoderStart } from './weights/initial-from-file.ts';

const heartbeatEveryMs = 2000;

const port = openParentPort();
const report = (message: TrainerReport): void => port.send(message);
const control = new RunControl((paused) => report({ kind: paused ? 'paused' : 'resumed' }));

// The reader comes first.
const priority = giveWay();
if (priority === 'ordinary') process.stderr.write('The priority could not be lowered.\n');

const heartbeat = setInterval(
  () => report({ kind: 'heartbeat', residentBytes: process.memoryUsage.rss() }),
  heartbeatEveryMs,
);

/** Ends the process once its last message is on its way. */
function leave(code: number): void {
  clearInterval(heartbeat);
  void port.flush().then(() => process.exit(code));
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof Error ? (error.stack ?? reason) : reason}\n`);
  report({
    kind: 'ended',
    outcome: 'failed',
    error: { code: 'internal', details: { reason } },
  });
  leave(1);
}
process.on('uncaughtException', fail);
// Electron would only warn.
process.on('unhandledRejection', fail);

let started = false;
port.onGone(() => process.exit(0));
port.onMessage((message) => {
  const parsed = trainerCommand.safeParse(message);
  if (!parsed.success) {
    process.stderr.write(`A message that is no command was refused: ${parsed.error.message}\n`);
    return;
  }
  const command = parsed.data;
  const work = (ended: Promise<Ended>): void => {
    started = true;
    report({ kind: 'heartbeat', residentBytes: process.memoryUsage.rss() });
    void ended.then((end) => {
      report({ kind: 'heartbeat', residentBytes: process.memoryUsage.rss() });
      report(end);
      leave(0);
    });
  };
  switch (command.kind) {
    case 'start':
    case 'export-encoder':
    case 'check-weights':
      if (started) process.stderr.write('A second start was refused: one process does one run.\n');
      else if (command.kind === 'start')
        work(run({ ...command, priority, control, report, nowMs: () => performance.now() }));
      else if (command.kind === 'check-weights') {
        const check = async (): Promise<Ended> => {
          const start = await readEncoderStart({ ...command, configuration: command });
          return { kind: 'ended', outcome: 'done', adapted: [...(start?.adapted ?? [])] };
        };
        work(tellEnd(check, command.filesFolder));
      } else {
        const { format, target } = command;
        const write = async (): Promise<Ended> => {
          const encoder = await exportEncoder(command, target, format);
          return { kind: 'ended', outcome: 'done', encoder };
        };
        work(tellEnd(write, path.dirname(target)));
      }
      break;
    case 'pause':
      control.pause();
      break;
    case 'resume':
      control.resume();
      break;
    case 'yield':
      control.yieldFor(command.forMs);
      break;
    case 'cancel':
      control.cancel();
      break;
    default:
      command satisfies never;
  }
});
