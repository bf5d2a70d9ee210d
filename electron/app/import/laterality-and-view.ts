import type { Laterality } from '../../../shared/imaging/study.ts';
import { type DataSet, text } from './dicom-text.ts';

const firstItem = (set: DataSet | undefined, tag: string): DataSet | undefined =>
  set?.elements[tag]?.items?.[0]?.dataSet;

/** Frame Laterality (0020,9072) of a multi-frame image, shared by all frames or that of the first. */
function frameLaterality(set: DataSet): string {
  for (const groups of ['x52009229', 'x52009230']) {
    const found = text(firstItem(firstItem(set, groups), 'x00209071'), 'x00209072');
    if (found !== '') return found;
  }
  return '';
}

/** Image Laterality (0020,0062), Laterality (0020,0060) of the series, or that of the frames. */
export function lateralityOf(set: DataSet): Laterality | null {
  const found = text(set, 'x00200062') || text(set, 'x00200060') || frameLaterality(set);
  return found === 'L' || found === 'R' ? found : null;
}

/** Views of mammography by their codes in SNOMED RT (also called SNM3) and CT (PS3.16, CID 4014). */
const views: Readonly<Record<string, string>> = {
  'R-10224': 'ML',
  '399260004': 'ML',
  'R-10226': 'MLO',
  '399368009': 'MLO',
  'R-10228': 'LM',
  '399352003': 'LM',
  'R-10230': 'LMO',
  '399099002': 'LMO',
  'R-10242': 'CC',
  '399162004': 'CC',
};

/** View Position (0018,5101), which may be left out, or what View Code Sequence (0054,0220) says. */
export function viewOf(set: DataSet): string | null {
  const code = text(firstItem(set, 'x00540220'), 'x00080100');
  return text(set, 'x00185101') || (views[code] ?? null);
}
