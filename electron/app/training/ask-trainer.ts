import { StationError } from '../../../shared/station-error.ts';
import {
  type TrainerCommand,
  type TrainerReport,
  trainerReport,
} from '../../../shared/trainer-protocol.ts';
import type { Host } from '../../host/host.ts';

type Ended = Extract<TrainerReport, { readonly kind: 'ended' }>;

/**
 * A trainer process that does one piece of work beside any run, and ends; answers how it ended. Throws the
 * StationError that the trainer tells, and trainer-crashed.
 */
export function askTrainer(host: Host, command: TrainerCommand): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  const trainer = host.startTrainer();
  const lines: string[] = [];
  trainer.onOutput((line) => void lines.push(line));
  trainer.onMessage((message) => {
    const report = trainerReport.safeParse(message);
    if (!report.success || report.data.kind !== 'ended') return;
    const { error } = report.data;
    if (error === undefined) resolve(report.data);
    else reject(new StationError(error.code, error.details));
  });
  // After an end that was told this changes nothing.
  trainer.onExit((code, signal) => {
    const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
    reject(new StationError('trainer-crashed', { how }, { cause: new Error(lines.join('\n')) }));
  });
  trainer.send(command);
  return promise;
}
