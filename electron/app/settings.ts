import type { z } from 'zod';
import type { WriteDatabase } from '../../shared/database/open.ts';
import { readSettings, writeSetting } from '../../shared/database/settings.ts';
import type { Settings } from '../../shared/ipc/answers.ts';
import type { SomeHandlers } from '../../shared/ipc/dispatch.ts';
import { initialTrainingRules, trainingRules } from '../../shared/training/hold-reasons.ts';
import { measureByModality, publishedMeasures } from '../../shared/training/run-configuration.ts';

const initial: Settings = {
  gazeSource: 'off',
  replayReadingId: null,
  screenWidthMm: null,
  viewingDistanceMm: null,
  pauseTrainingWhileReading: true,
  yieldToInput: true,
  measureByModality: publishedMeasures,
  trainingRules: initialTrainingRules,
};

const sources: readonly Settings['gazeSource'][] = ['webgazer', 'pointer', 'replay', 'off'];

const positive = (text: string | undefined): number | null => {
  const value = Number(text);
  return text !== undefined && Number.isFinite(value) && value > 0 ? value : null;
};

const presetsName = 'measureByModality';
const rulesName = 'trainingRules';

/** What an administrator chose, stored as JSON; where it cannot be read, the initial value. */
function readJson<Value>(
  text: string | undefined,
  schema: z.ZodType<Value>,
  otherwise: Value,
): Value {
  if (text === undefined) return otherwise;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : otherwise;
  } catch {
    return otherwise;
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
    yieldToInput: stored.get('yieldToInput') !== 'false',
    measureByModality: readJson(
      stored.get(presetsName),
      measureByModality,
      initial.measureByModality,
    ),
    trainingRules: readJson(stored.get(rulesName), trainingRules, initial.trainingRules),
  };
}

/** The requests of the settings page. */
export function createSettings(
  database: WriteDatabase,
): SomeHandlers<'settings.get' | 'settings.set' | 'presets.set' | 'training-rules.set'> {
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
    'training-rules.set': (change) => {
      writeSetting(database, rulesName, JSON.stringify(change.trainingRules));
      return currentSettings(database);
    },
  };
}
