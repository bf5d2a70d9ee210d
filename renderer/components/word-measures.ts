import { modalities } from '../../shared/imaging/study.ts';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';
import { messages } from '../messages/en.ts';

/** Where the positives come from: the measure, or each modality with its own. */
export function wordMeasures({
  positivesFrom,
  measureByModality,
}: Pick<RunConfiguration, 'positivesFrom' | 'measureByModality'>): string {
  const names = messages.training.measures;
  if (positivesFrom !== 'by-modality') return names[positivesFrom];
  return modalities
    .map((each) => `${messages.shell.modalities[each]}: ${names[measureByModality[each]]}`)
    .join(', ');
}
