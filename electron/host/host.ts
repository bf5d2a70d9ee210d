import type { TopicName, Topics } from '../../shared/ipc/contract.ts';
import type { TrainerCommand } from '../../shared/trainer-protocol.ts';

/** A trainer process as the supervisor sees it. */
export interface TrainerProcess {
  /** Operating system's process id; undefined before it has started. */
  readonly pid: number | undefined;
  send(command: TrainerCommand): void;
  /** Every message of the process, not yet checked. */
  onMessage(listener: (message: unknown) => void): void;
  /** Lines of standard output and standard error. */
  onOutput(listener: (line: string) => void): void;
  /** Once; `signal` is set where the process was killed. */
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  /** SIGKILL. */
  kill(): void;
}

/** What the application needs of the program around it; Electron and plain Node each give one. */
export interface Host {
  readonly kind: 'electron' | 'chromium' | 'node';
  readonly version: string;
  /** Absolute path of the folder that holds the database, the pixel files, runs and exports. */
  readonly dataFolder: string;
  /** Absolute path of the demonstration library and other read-only files that ship with the product. */
  readonly assetsFolder: string;
  /** Absolute path of the built page (`out/renderer`); undefined where there is no window. */
  readonly pageFolder: string | undefined;
  readonly nativeDialogs: boolean;
  /** Tells every open page of the station. */
  emit<Name extends TopicName>(topic: Name, value: Topics[Name]): void;
  startTrainer(): TrainerProcess;
  /** Absolute paths, or undefined where the person cancels. */
  choosePaths(what: 'folder' | 'files' | 'weights'): Promise<readonly string[] | undefined>;
  /** Where a new file shall be written, absolute, with a name to begin from; undefined where the person cancels. */
  chooseTarget(name: string): Promise<string | undefined>;
  /** Seconds since the person last used keyboard or mouse; 0 where the host cannot know. */
  idleSeconds(): number;
  /** Whether the machine runs on its battery; false where the host cannot know. */
  onBattery(): boolean;
}
