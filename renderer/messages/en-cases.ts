import type { UndefinedReason } from '../../shared/gaze/similarity/measure.ts';
import type { SearchStage } from '../../shared/ipc/case-answers.ts';

/** Words of the explanation of a pair and of the case page. */
export const casesMessages = {
  layers: {
    label: 'Shown',
    heatmap: 'Heat maps (h)',
    scanpath: 'Scanpaths (x)',
    shared: 'Shared frame (c)',
  },
  sharedFrame: 'Shared frame: 800 x 800, right side mirrored',
  verdicts: {
    label: 'Verdict',
    any: 'All',
    'to-judge': 'To judge',
    accepted: 'Accepted',
    refused: 'Refused',
  },
  anyReader: 'Any reader',
  reader: 'Reader',
  view: 'View',
  anyView: 'Any view',
  accept: 'Accept',
  accepted: 'Accepted.',
  acceptKey: 'a',
  takeBack: 'Take back',
  readingPairs: {
    one: 'One pair of readings was compared.',
    many: 'Mean of {n} pairs of readings; the two most alike are shown.',
  },
  percentile: 'above {percent} % of chance',
  percentileUnknown: 'chance: unknown',
  alignment: 'Alignment',
  steps: {
    one: '{n} aligned step',
    many: '{n} aligned steps: the same number on both sides was looked at in the same turn',
  },
  stepsHint:
    'Left and Right step through it. Neighbouring looks in one direction are merged first.',
  step: 'Step {n} of {of}: look {from} to {to} of A, look {fromB} to {toB} of B',
  noAlignment: 'No scanpath of this pair is left to align.',
  clusters: { one: '{n} cluster of gaze', many: '{n} clusters of gaze, in the order of time' },
  title: 'Case',
  open: 'Similar cases',
  key: 's',
  back: 'Back',
  similar: 'Looked at like this one',
  readingsOf: 'Readings of this study',
  sameReader: 'Only the same reader',
  searched: {
    all: 'All {compared} readings of such images were compared.',
    'nearest-by-heat-map':
      'The {compared} nearest of {candidates} by heat map were compared; some alike ones may be missed.',
    'nearest-by-hash':
      'The {compared} nearest of {candidates} by difference hash were compared; some alike ones may be missed.',
  } satisfies Record<SearchStage, string>,
  notYet: {
    one: '{n} reading is not described yet and was not searched. Mining once describes it.',
    many: '{n} readings are not described yet and were not searched. Mining once describes them.',
  },
  chanceRun: 'Percentiles among the chance pairs of run {id}.',
  noChanceRun: 'No finished run has chance pairs for this kind of image: percentiles are unknown.',
  searching: 'Searching',
  nothing: 'No reading of another patient’s image of this kind is there yet.',
  hint: 'Up and Down choose a case, Enter opens it, [ and ] change the image, Escape goes back',
  chooseImage: 'Image {n}',
  this: 'This case',
  other: 'Similar case',
  columns: {
    relation: 'Relation',
    percentile: 'Over chance',
    reader: 'Reader',
    date: 'Date',
    assessment: 'Assessment',
  },
  reasons: {
    'too-few-fixations': 'Too few fixations on this image for this measure.',
    'too-many-fixations': 'Too many fixations on this image for this measure.',
    'empty-map': 'No gaze on this image.',
    'flat-map': 'Gaze is spread so evenly that this measure says nothing.',
    'no-cluster': 'Gaze forms no cluster that this measure could compare.',
  } satisfies Record<UndefinedReason, string>,
} as const;

/** Words of the report on labels: whether pairs looked at alike share their assessment. */
export const agreementMessages = {
  title: 'Assessments',
  more: 'Pairs looked at alike share their assessment more often than shuffled ones.',
  less: 'Pairs looked at alike share their assessment less often than shuffled ones.',
  'as-by-chance':
    'Pairs looked at alike do not share their assessment more often than shuffled ones.',
  figures:
    'AUC {auc} ({aucLow} to {aucHigh}); shuffled {control} ({controlLow} to {controlHigh}), p = {p}. Lift of the most alike {lift} ({liftLow} to {liftHigh}); shuffled {controlLift}. {n} pairs, {base} % with the same assessment.',
  none: 'Nothing can be said: too few pairs with an assessment, or all agree.',
} as const;
