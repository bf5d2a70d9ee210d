import { createHash } from 'node:crypto';
import { insertAuditLine } from '../../../shared/database/audit.ts';
import { listPlacedImages } from '../../../shared/database/evaluations.ts';
import {
  insertLabelSet,
  listLabelledImages,
  listNamedImages,
} from '../../../shared/database/labels.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { assignPatientParts } from '../../../shared/database/patient-parts.ts';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import type { SplitOverview } from '../../../shared/ipc/evaluation-answers.ts';
import { countSplit, listClasses } from '../../../shared/training/labelled-split.ts';
import type { SplitPart } from '../../../shared/training/evaluation-result.ts';
import { readLabels } from './read-labels.ts';

type LabelsOptions = {
  readonly database: WriteDatabase;
  readonly userId: () => number;
  readonly nowMs: () => number;
};

function describeSplit(database: WriteDatabase): SplitOverview {
  const placed = listPlacedImages(database);
  const of = (wanted: SplitPart): { readonly patients: number; readonly images: number } => {
    const own = placed.filter(({ part }) => part === wanted);
    return {
      patients: new Set(own.map(({ patientKey }) => patientKey)).size,
      images: own.length,
    };
  };
  const { images, source } = listLabelledImages(database, {
    modality: null,
    includeSimulated: true,
  });
  const classes = listClasses(images);
  return {
    parts: { train: of('train'), validation: of('validation'), test: of('test') },
    labels: source.kind,
    classes,
    labelled: countSplit(images, classes),
  };
}

/** The requests about labels and the split. */
export function createLabels({
  database,
  userId,
  nowMs,
}: LabelsOptions): SomeHandlers<'labels.import' | 'split.overview'> {
  return {
    'labels.import': ({ name, base64, skipUnknown }) => {
      const bytes = Buffer.from(base64, 'base64');
      const { labels, skipped } = readLabels(bytes, listNamedImages(database), skipUnknown);
      const fileSha256 = createHash('sha256').update(bytes).digest('hex');
      const set = { name, fileSha256, labels, userId: userId(), importedAtMs: nowMs() };
      const labelSetId = database.transaction(() => {
        const id = insertLabelSet(database, set);
        insertAuditLine(database, {
          atMs: set.importedAtMs,
          userId: set.userId,
          action: 'labels.import',
          details: { labelSetId: id, fileSha256, images: labels.size, skipped },
        });
        return id;
      })();
      const classes = [...new Set(labels.values())].toSorted().map((label) => ({
        label,
        images: [...labels.values()].filter((each) => each === label).length,
      }));
      return { labelSetId, images: labels.size, classes, skipped };
    },
    'split.overview': () => {
      assignPatientParts(database, nowMs());
      return describeSplit(database);
    },
  };
}
