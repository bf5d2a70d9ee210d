import path from 'node:path';
import { openDatabase } from '../../shared/database/open.ts';
import type { Answer, Input, Reply, RequestName } from '../../shared/ipc/contract.ts';
import {
  dispatch,
  dispatchTrusted,
  type Handlers,
  type Sender,
} from '../../shared/ipc/dispatch.ts';
import { StationError, stationErrorCodes } from '../../shared/station-error.ts';
import type { InitialWeightsChoice } from '../../shared/training/initial-weights.ts';
import type { Host } from '../host/host.ts';
import { checkDataFolder, databaseName, prepareDataFolder } from './data-folder.ts';
import { createDemonstration } from './demonstration/demonstration.ts';
import { createEncoderExports } from './export/export-encoder.ts';
import { createExports } from './export/export-readings.ts';
import { createFileStore } from './file-store.ts';
import { Importer } from './import/import-images.ts';
import { createImports } from './imports.ts';
import { createLandmarks } from './landmarks.ts';
import { createPeople } from './people.ts';
import { createReadings } from './readings.ts';
import { createServe } from './serve.ts';
import { createSettings, currentSettings } from './settings.ts';
import { createSimilarCases } from './similar/similar-cases.ts';
import { lockDataFolder } from './station-lock.ts';
import { createLabels } from './training/labels.ts';
import { forgetRelations } from './training/mining-folder.ts';
import { createRegistry } from './training/registry.ts';
import { createTraining } from './training/training.ts';
import { createWeightFiles, storeWeightFile, storeWeights } from './training/weight-files.ts';
import { createWorklist } from './worklist.ts';

/** The whole station over one data folder, whatever program is around it. */
export interface Application {
  /** Answers a request of the page; never throws. */
  handle(sender: Sender | undefined, name: unknown, input: unknown): Promise<Reply<unknown>>;
  /** A request of this process itself (the command line). Throws StationError. */
  call<Name extends RequestName>(name: Name, input: Input<Name>): Promise<Answer<Name>>;
  /** Imports files and folders of this machine. */
  readonly importer: Importer;
  /** Keeps a copy of a file of weights of this machine, to begin a run from. */
  storeWeights(file: string): Promise<InitialWeightsChoice>;
  /** Answers `app://station/...`. */
  serve(request: Request): Promise<Response>;
  /** Ends runs and readings in order and gives the data folder back. */
  close(): Promise<void>;
}

export type ApplicationOptions = {
  /** Install the demonstration library into a data folder that is new. */
  readonly demonstration: boolean;
  /** False: no run begins that was not asked for here (the command line). */
  readonly unattended?: boolean;
  readonly nowMs?: () => number;
};

function codeOf(code: string): StationError['code'] {
  return stationErrorCodes.find((known) => known === code) ?? 'internal';
}

/**
 * Opens the station on the host's data folder. Throws StationError data-folder-missing,
 * data-folder-read-only, data-folder-in-use, database-newer, database-damaged, disk-full.
 */
export async function openApplication(
  host: Host,
  options: ApplicationOptions = { demonstration: true },
): Promise<Application> {
  const nowMs = options.nowMs ?? Date.now;
  const { dataFolder } = host;
  prepareDataFolder(dataFolder);
  const unlock = lockDataFolder(dataFolder);
  try {
    const databasePath = path.join(dataFolder, databaseName);
    const database = openDatabase(databasePath, {
      backupFolder: path.join(dataFolder, 'backups'),
      nowMs,
    });
    const store = createFileStore(dataFolder);
    const gazeGone = (): void => forgetRelations(dataFolder);
    const people = createPeople(database, host, nowMs, gazeGone);
    const changed = (): void => host.emit('worklist.changed', {});
    const importer = new Importer({
      database,
      store,
      dataFolder,
      nowMs,
      emit: (progress) => host.emit('import.progress', progress),
      changed,
    });
    const training = createTraining({
      database,
      databasePath,
      host,
      nowMs,
      userId: () => people.user().id,
      pauseWhileReading: () => currentSettings(database).pauseTrainingWhileReading,
      yieldToInput: () => currentSettings(database).yieldToInput,
      rules: () => currentSettings(database).trainingRules,
      unattended: options.unattended ?? true,
    });
    const readings = createReadings({
      database,
      userId: () => people.user().id,
      appVersion: host.version,
      nowMs,
      hooks: { opened: () => training.readingOpened(), closed: () => training.readingClosed() },
      changed,
    });
    const demonstration = createDemonstration({
      database,
      store,
      host,
      nowMs,
      changed,
      gazeGone,
    });
    const handlers: Handlers = {
      ...people.handlers,
      ...createSettings(database),
      ...createSimilarCases(database, () => people.user().id),
      ...createWorklist(database),
      ...createImports(host, importer),
      ...readings.handlers,
      ...createLandmarks({ database, userId: () => people.user().id, nowMs }),
      ...createLabels({ database, userId: () => people.user().id, nowMs }),
      ...training.handlers,
      ...createRegistry({
        database,
        dataFolder,
        nowMs,
        user: people.user,
      }),
      ...createWeightFiles(host, store),
      ...demonstration.handlers,
      ...createExports({ database, host, nowMs }),
      ...createEncoderExports(database, host),
    };
    readings.recover();
    training.recover();
    if (options.demonstration) await demonstration.install();
    const context = {
      handlers,
      role: () => people.user().role,
      logError: (name: string, error: unknown) =>
        process.stderr.write(
          `${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        ),
    };
    const guarded = async (answer: () => Promise<Reply<unknown>>): Promise<Reply<unknown>> => {
      try {
        checkDataFolder(dataFolder);
      } catch (error) {
        if (!(error instanceof StationError)) throw error;
        return { ok: false, error: { code: error.code, details: error.details } };
      }
      return answer();
    };
    return {
      importer,
      storeWeights: (file) => storeWeightFile(store, file),
      handle: (sender, name, input) => guarded(() => dispatch(context, sender, name, input)),
      call: async <Name extends RequestName>(name: Name, input: Input<Name>) => {
        const reply = await guarded(() => dispatchTrusted(context, name, input));
        if (!reply.ok) throw new StationError(codeOf(reply.error.code), reply.error.details);
        return reply.value as Answer<Name>;
      },
      serve: createServe({
        database,
        store,
        importer,
        pageFolder: host.pageFolder,
        storeWeights: async (name, bytes) => {
          if (people.user().role !== 'admin') throw new StationError('forbidden');
          return storeWeights(store, name, bytes);
        },
      }),
      close: async () => {
        await training.close();
        database.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
