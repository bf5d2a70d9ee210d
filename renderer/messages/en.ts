import { agreementMessages, casesMessages } from './en-cases.ts';
import { evaluationMessages } from './en-evaluation.ts';
import { gazeMessages } from './en-gaze.ts';
import { landmarkMessages } from './en-landmarks.ts';
import { modelsMessages } from './en-models.ts';
import { exportMessages, pairsMessages, readingsMessages } from './en-pages.ts';
import { readingMessages } from './en-reading.ts';
import { settingsMessages, welcomeMessages } from './en-settings.ts';
import { shellMessages } from './en-shell.ts';
import { runFormMessages } from './en-run-form.ts';
import { trainingMessages } from './en-training.ts';
import { importMessages, worklistMessages } from './en-worklist.ts';

/** Every sentence of the page, by where it stands. Placeholders are `{name}`; see fill.ts. */
export const messages = {
  shell: shellMessages,
  worklist: worklistMessages,
  import: importMessages,
  readings: readingsMessages,
  training: trainingMessages,
  runForm: runFormMessages,
  pairs: pairsMessages,
  evaluation: evaluationMessages,
  models: modelsMessages,
  cases: casesMessages,
  agreement: agreementMessages,
  export: exportMessages,
  settings: settingsMessages,
  welcome: welcomeMessages,
  reading: readingMessages,
  gaze: gazeMessages,
  landmarks: landmarkMessages,
} as const;
