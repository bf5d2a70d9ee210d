/** Words of the pages readings, pairs and export. */
export const readingsMessages = {
  title: 'Readings',
  hint: 'Up and Down move, Enter replays',
  columns: {
    started: 'Started',
    patient: 'Patient',
    modality: 'Modality',
    reader: 'Reader',
    state: 'State',
    duration: 'Duration',
    assessment: 'Assessment',
    source: 'Gaze source',
    samples: 'Samples',
    labels: 'Labels',
  },
  states: { open: 'Open', finished: 'Finished', left: 'Left', interrupted: 'Interrupted' },
  noRecording: 'Nothing recorded',
  count: { one: '{n} reading', many: '{n} readings' },
  empty:
    'No readings yet. Open a study from the worklist; when you finish it, its reading is listed here.',
} as const;

export const pairsMessages = {
  title: 'Pairs',
  explain: 'Images that were looked at alike, by the measure you choose.',
  run: 'Run',
  runOption: 'Run {id}, {state}, {time}',
  measure: 'Measure',
  above: { one: '{n} pair above {threshold}', many: '{n} pairs above {threshold}' },
  relation: 'Relation',
  histogram: 'How alike all pairs are, and how alike pairs put together by chance are',
  histogramPairs: 'pairs',
  histogramChance: 'by chance',
  atLeast: 'Relation at least {relation}',
  byChance: 'About {percent} % of them may be alike by chance alone.',
  pValue: 'p (chance)',
  qValue: 'q (all pairs)',
  hint: 'Up and Down move through the pairs',
  list: 'Pairs, most alike first',
  noRuns: 'No runs yet. Start one on the Training page; its pairs appear here.',
  noPairs:
    'This run found no pairs with this measure above its threshold. Lower the threshold and run again.',
  similarity: {
    'difference-hash': ['Heat map agreement'],
    'hu-moments': ['Agreement of moments'],
    tima: ['Agreement in time'],
    'heatmap-cosine': ['Cosine'],
    'heatmap-correlation': ['(r + 1) / 2'],
    multimatch: ['Shape', 'Direction', 'Length', 'Position', 'Duration'],
  },
  side: { a: 'Image A', b: 'Image B' },
  openReplay: 'Replay this reading',
  noReading: 'No finished reading with gaze',
  laterality: { L: 'left', R: 'right' },
} as const;

export const exportMessages = {
  title: 'Export',
  explain:
    'Writes readings and gaze as CSV tables, with a JSON description of every column and a manifest with the SHA-256 of each file. Readers appear under their pseudonyms. Readings whose reader has not agreed to export are left out.',
  modality: 'Modality',
  includeSimulated: 'Include simulated and pointer readings (marked as such in the files)',
  start: 'Export readings',
  working: 'Writing',
  doneTitle: 'Export written',
  folder: 'Folder',
  readings: { one: '{n} reading', many: '{n} readings' },
  samples: { one: '{n} gaze sample', many: '{n} gaze samples' },
  files: 'Files',
  columns: { name: 'Name', size: 'Size', sha256: 'SHA-256' },
  leftOut: 'Left out',
  nothingLeftOut: 'Nothing was left out.',
  reasons: {
    'no-consent': {
      one: '{n} reading: its reader has not agreed to export',
      many: '{n} readings: their readers have not agreed to export',
    },
    simulated: {
      one: '{n} reading: simulated or pointer',
      many: '{n} readings: simulated or pointer',
    },
    'no-gaze': { one: '{n} reading: no gaze recorded', many: '{n} readings: no gaze recorded' },
  },
  researchUse: 'For research only. Not for diagnosis.',
} as const;
