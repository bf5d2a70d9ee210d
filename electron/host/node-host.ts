import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TopicName, Topics } from '../../shared/ipc/contract.ts';
import type { Host, TrainerProcess } from './host.ts';
import { readOnBattery } from './power-supply.ts';
import { trainerEnvironment } from './trainer-environment.ts';

const projectRoot = path.resolve(import.meta.dirname, '../..');

/** The product's version. */
export function readVersion(): string {
  const text = readFileSync(path.join(projectRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Where the desktop station keeps its data on this system: Electron's userData, then `station`. */
export function defaultDataFolder(environment: NodeJS.ProcessEnv = process.env): string {
  switch (process.platform) {
    case 'win32':
      return path.join(
        environment['APPDATA'] ?? path.join(homedir(), 'AppData/Roaming'),
        'Fovea/station',
      );
    case 'darwin':
      return path.join(homedir(), 'Library/Application Support/Fovea/station');
    default:
      return path.join(
        environment['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config'),
        'Fovea/station',
      );
  }
}

/** A child with a channel for messages, and with pipes for what it prints, as the station's trainer. */
export function asTrainer(child: ChildProcess): TrainerProcess {
  return {
    get pid() {
      return child.pid;
    },
    send: (command) => {
      if (child.connected) child.send(command);
    },
    onMessage: (listener) => void child.on('message', listener),
    onOutput: (listener) => {
      for (const input of [child.stdout, child.stderr])
        if (input !== null) createInterface({ input }).on('line', listener);
    },
    onExit: (listener) => void child.once('close', listener),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Starts the trainer as a child of plain Node. */
export function forkNodeTrainer(file = path.join(projectRoot, 'trainer/main.ts')): TrainerProcess {
  const child = fork(file, [], {
    env: trainerEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // A child that cannot start, or a message to one that has just died; its exit is told in any case.
  child.on('error', (error) => process.stderr.write(`trainer: ${error.message}\n`));
  return asTrainer(child);
}

type Listener = <Name extends TopicName>(topic: Name, value: Topics[Name]) => void;

/** The host without a window: the command line and tests. */
export function createNodeHost(dataFolder: string, onTopic: Listener = () => undefined): Host {
  return {
    kind: 'node',
    version: readVersion(),
    dataFolder: path.resolve(dataFolder),
    assetsFolder: path.join(projectRoot, 'assets'),
    pageFolder: undefined,
    nativeDialogs: false,
    emit: onTopic,
    startTrainer: () => forkNodeTrainer(),
    choosePaths: () => Promise.resolve(undefined),
    chooseTarget: () => Promise.resolve(undefined),
    idleSeconds: () => 0,
    onBattery: () => readOnBattery(),
  };
}
