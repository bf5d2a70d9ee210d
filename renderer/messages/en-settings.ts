/** Words of the settings page, of the first start and of consent. */
export const settingsMessages = {
  title: 'Settings',
  saved: 'Saved',
  gaze: 'Gaze source',
  sources: {
    webgazer: {
      name: 'Webcam (WebGazer)',
      explain:
        'Estimates gaze from the camera picture on this computer. Coarse: good for regions, not for small findings. No picture is stored or sent. Calibrate first.',
    },
    pointer: {
      name: 'Pointer (for demonstration)',
      explain:
        'The mouse stands for the eye. This is never gaze: readings are marked as simulated wherever they are shown, stored and exported.',
    },
    replay: {
      name: 'Replay of a stored reading',
      explain:
        'Plays the gaze of an earlier reading again, for development and demonstration. Marked as simulated.',
    },
    off: {
      name: 'Off',
      explain: 'Nothing is recorded. Reading works as usual.',
    },
  },
  replayReading: 'Reading to replay',
  replayNone: 'Choose a reading',
  replayOption: '{time}, {patient}, {n} samples',
  calibrate: 'Calibrate the webcam',
  screen: 'Screen and distance',
  screenExplain:
    'With these the station can say distances in degrees of visual angle. Leave empty if you do not know them.',
  screenWidth: 'Width of the screen (mm)',
  viewingDistance: 'Distance from eye to screen (mm)',
  training: 'Training',
  pauseTraining: 'Hold training while a study is being read',
  yieldToInput: 'Let training wait a second after each input in the viewer',
  rulesExplain: 'Training gives way to the reader. Why a run waits is shown on the training page.',
  nightWindow: 'Train only in these hours',
  nightFrom: 'From',
  nightTo: 'To',
  pauseOnBattery: 'Hold training while the machine runs on its battery',
  leastFree: 'Hold training below so much free disk (GiB)',
  presets: 'Measure of each modality',
  presetsExplain:
    'Where the same things lie at the same places, as in fundus photographs, heat maps are compared; where they do not, as in mammograms, scanpaths are. New runs and the case page begin with these.',
  consent: 'Consent to gaze recording',
  consentGiven: 'You agreed on {time}.',
  consentWithheld: 'You have not agreed. Nothing is recorded; reading works as usual.',
  consentSave: 'Save my choice',
  consentWithdraw: 'Withdraw consent',
  withdrawTitle: 'Withdraw your consent?',
  withdrawExplain:
    'Recording stops at once, and your readings are left out of mining and export from now on. Reading works as usual. You can agree again at any time.',
  withdrawConfirm: 'Withdraw',
  withdrawKeep: 'Keep it',
  folder: 'Data folder',
  folderExplain: 'Database, image files, runs, exports and backups lie here.',
  demonstration: 'Demonstration library',
  demonstrationNone: 'The demonstration library is empty.',
} as const;

export const welcomeMessages = {
  noticeTitle: 'Welcome to Fovea',
  notice: [
    'Fovea is for research. It is not a medical device and must not be used for diagnosis, treatment or any decision about a patient.',
    'Its display is not calibrated. What its encoders learn has not been tested in a clinic.',
    'It never judges a reader: it infers no fatigue, emotion, skill or health from gaze.',
  ],
  acknowledge: 'I understand: research use only',
  consentTitle: 'May Fovea record where you look?',
  consentIntro:
    'While a study is open, Fovea can record where on the screen you look. This is personal data about you. You decide for each purpose, reading works the same either way, and you can change your mind in Settings at any time.',
  record: {
    name: 'Record',
    explain:
      'Store where you look while you read, in the data folder on this computer. No camera picture is ever stored.',
  },
  train: {
    name: 'Train',
    explain:
      'Use these recordings to find images that were looked at alike and to pre-train an encoder.',
  },
  export: {
    name: 'Export',
    explain: 'Let an administrator export these recordings under a pseudonym, for research.',
  },
  needsRecord: 'Train and Export need Record.',
  agree: 'Agree to what is ticked',
  notNow: 'Not now',
} as const;
