import {
  deleteDemonstration,
  hasNoStudy,
  isDemonstrationOpen,
  isRunActive,
} from '../../../shared/database/demonstration.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { readSettings, writeSetting } from '../../../shared/database/settings.ts';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import { StationError } from '../../../shared/station-error.ts';
import type { Host } from '../../host/host.ts';
import type { FileStore } from '../file-store.ts';
import { storeSimulatedReadings } from './simulated-readers.ts';

/** Decides every pixel of the phantoms and every sample of the simulated readers. */
const seed = 20_261;

/** Name of the setting that says that the library was once installed, so that it never comes back. */
const settingName = 'demonstration';

type DemonstrationOptions = {
  readonly database: WriteDatabase;
  readonly store: FileStore;
  readonly host: Pick<Host, 'assetsFolder' | 'version'>;
  readonly nowMs: () => number;
  /** Called when studies came or went. */
  readonly changed: () => void;
  /** Called when gaze was deleted. */
  readonly gazeGone: () => void;
};

/**
 * The demonstration library: real fundus photographs with their credits, simulated mammograms, and
 * simulated readings of both.
 */
export function createDemonstration(options: DemonstrationOptions): {
  readonly handlers: SomeHandlers<'demonstration.empty'>;
  /**
   * Installs the library into a database without any study, once. Files first, then one transaction: a
   * station killed in between installs again at its next start.
   */
  readonly install: () => Promise<void>;
} {
  const { database, store, host, nowMs, changed, gazeGone } = options;

  const install = async (): Promise<void> => {
    if (readSettings(database).has(settingName) || !hasNoStudy(database)) return;
    // Loaded for this one time: the writer of DICOM files is large.
    const { enterStudy, storeDemonstrationFiles } = await import('./demonstration-studies.ts');
    const stored = await storeDemonstrationFiles(store, host.assetsFolder, seed);
    database.transaction(() => {
      const studies = stored.map((study) => enterStudy(database, study, nowMs()));
      storeSimulatedReadings(database, studies, {
        seed,
        appVersion: host.version,
        nowMs: nowMs(),
      });
      writeSetting(database, settingName, 'installed');
    })();
    changed();
  };

  const handlers: SomeHandlers<'demonstration.empty'> = {
    'demonstration.empty': async () => {
      if (isDemonstrationOpen(database)) throw new StationError('reading-already-open');
      if (isRunActive(database)) throw new StationError('run-already-active');
      const { studies, files } = deleteDemonstration(database);
      for (const sha256 of files) await store.remove(sha256);
      writeSetting(database, settingName, 'emptied');
      gazeGone();
      changed();
      return { studies };
    },
  };
  return { handlers, install };
}
