import type { WriteDatabase } from '../../shared/database/open.ts';
import { readSettings, writeSetting } from '../../shared/database/settings.ts';
import type { Settings } from '../../shared/ipc/answers.ts';
import type { SomeHandlers } from '../../shared/ipc/dispatch.ts';
import { measureByModality, publishedMeasures } from '../../shared/training/run-configuration.ts';

const initial: Settings = {
  gazeSource: 'off',
  replayReadingId: null,
  screenWidthMm: null,
  viewingDistanceMm: null,
  pauseTrainingWhileReading: true,
  measureByModality: publishedMeasures,
};

const sources: readonly Settings['gazeSource'][] = ['webgazer', 'pointer', 'replay', 'off'];

const positive = (text: string | undefined): number | null => {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : null;
};

const presetsName = 'measureByModality';

/** What an administrator chose; where it cannot be read, the paper's preset. */
function readPresets(text: string | undefined): Settings['measureByModality'] {
  if (text === undefined) return initial.measureByModality;
  try {
    const parsed = measureByModality.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : initial.measureByModality;
  } catch {
    return initial.measureByModality;
  }
}

/** The settings as they are; what was never set, or cannot be read, has its initial value. */
export function currentSettings(database: WriteDatabase): Settings {
  const stored = readSettings(database);
  return {
    gazeSource: sources.find((id) => id === stored.get('gazeSource')) ?? initial.gazeSource,
    replayReadingId: positive(stored.get('replayReadingId')),
    screenWidthMm: positive(stored.get('screenWidthMm')),
    viewingDistanceMm: positive(stored.get('viewingDistanceMm')),
    pauseTrainingWhileReading: stored.get('pauseTrainingWhileReading') !== 'false',
    measureByModality: readPresets(stored.get(presetsName)),
  };
}

/** The requests of the settings page. */
export function createSettings(
  database: WriteDatabase,
): SomeHandlers<'settings.get' | 'settings.set' | 'presets.set'> {
  return {
    'settings.get': () => currentSettings(database),
    'settings.set': (change) => {
      database.transaction(() => {
        for (const [name, value] of Object.entries(change))
          writeSetting(database, name, value === null ? undefined : String(value));
      })();
      return currentSettings(database);
    },
    'presets.set': (change) => {
      writeSetting(database, presetsName, JSON.stringify(change.measureByModality));
      return currentSettings(database);
    },
  };
}
