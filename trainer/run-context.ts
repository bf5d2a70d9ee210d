import type { TrainerReport } from '../shared/trainer-protocol.ts';
import type { RunConfiguration } from '../shared/training/run-configuration.ts';
import type { RunControl } from './control.ts';
import type { Priority } from './give-way.ts';

/** What every stage of a run needs. */
export type RunContext = {
  readonly runId: number;
  readonly databasePath: string;
  readonly filesFolder: string;
  readonly runFolder: string;
  /** Folder in which mining keeps relations between runs. */
  readonly miningFolder: string;
  readonly configuration: RunConfiguration;
  readonly resume: boolean;
  readonly threads: number;
  /** Of the trainer's process. */
  readonly priority: Priority;
  readonly control: RunControl;
  /** A pause after which the engine's memory is given back; some minutes where absent. */
  readonly longPauseMs?: number;
  readonly report: (report: TrainerReport) => void;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
};
