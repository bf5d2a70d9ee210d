import type { WriteDatabase } from '../../shared/database/open.ts';
import { readSettings, writeSetting } from '../../shared/database/settings.ts';
import type { Settings } from '../../shared/ipc/answers.ts';
import type { SomeHandlers } from '../../shared/ipc/dispatch.ts';

const initial: Settings = {
  gazeSource: 'off',
  replayReadingId: null,
  screenWidthMm: null,
  viewingDistanceMm: null,
  pauseTrainingWhileReading: true,
};

const sources: readonly Settings['gazeSource'][] = ['webgazer', 'pointer', 'replay', 'off'];

const positive = (text: string | undefined): number | null => {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : null;
};

/** The settings as they are; what was never set, or cannot be read, has its initial value. */
export function currentSettings(database: WriteDatabase): Settings {
  const stored = readSettings(database);
  return {
    gazeSource: sources.find((id) => id === stored.get('gazeSource')) ?? initial.gazeSource,
    replayReadingId: positive(stored.get('replayReadingId')),
    screenWidthMm: positive(stored.get('screenWidthMm')),
    viewingDistanceMm: positive(stored.get('viewingDistanceMm')),
    pauseTrainingWhileReading: stored.get('pauseTrainingWhileReading') !== 'false',
  };
}

/** The requests of the settings page. */
export function createSettings(
  database: WriteDatabase,
): SomeHandlers<'settings.get' | 'settings.set'> {
  return {
    'settings.get': () => currentSettings(database),
    'settings.set': (change) => {
      database.transaction(() => {
        for (const [name, value] of Object.entries(change))
          writeSetting(database, name, value === null ? undefined : String(value));
      })();
      return currentSettings(database);
    },
  };
}
