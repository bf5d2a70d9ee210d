import { parentPort } from 'node:worker_threads';
import type { ComparedCases } from '../../shared/gaze/similarity/compared-cases.ts';
import { computeRows, openShared, type WorkerAnswer, type WorkerCommand } from './row-work.ts';

let compared: ComparedCases | undefined;

parentPort?.on('message', (command: WorkerCommand) => {
  switch (command.kind) {
    case 'open':
      compared = openShared(command.measure, command.signatures);
      break;
    case 'rows': {
      if (compared === undefined) throw new Error('Rows were asked for before any signatures.');
      const relations = computeRows(compared, command.jobs) as Float32Array<ArrayBuffer>;
      const answer: WorkerAnswer = { id: command.id, relations };
      parentPort?.postMessage(answer, [relations.buffer]);
      break;
    }
    default:
      command satisfies never;
  }
});
