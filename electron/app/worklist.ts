import { listImages } from '../../shared/database/images.ts';
import type { ReadDatabase } from '../../shared/database/open.ts';
import {
  findPriors,
  findStudy,
  pageStudies,
  type StudyRow,
} from '../../shared/database/studies.ts';
import type { StudyDetail, WorklistRow } from '../../shared/ipc/answers.ts';
import type { SomeHandlers } from '../../shared/ipc/dispatch.ts';
import { StationError } from '../../shared/station-error.ts';

function toWorklistRow(row: StudyRow): WorklistRow {
  return {
    studyId: row.id,
    patient: row.patient,
    description: row.description,
    modality: row.modality,
    studyDate: row.study_date,
    images: row.images,
    status: row.status,
    assessment: row.assessment,
    simulated: row.simulated === 1,
    demonstration: row.demonstration === 1,
  };
}

/** A study with its images and priors. Throws StationError not-found. */
export function describeStudy(database: ReadDatabase, studyId: number): StudyDetail {
  const row = findStudy(database, studyId);
  if (row === undefined) throw new StationError('not-found', { what: 'study' });
  return {
    ...toWorklistRow(row),
    imageList: listImages(database, studyId),
    priors: findPriors(database, row),
  };
}

/** The worklist's requests. */
export function createWorklist(
  database: ReadDatabase,
): SomeHandlers<'worklist.page' | 'study.open'> {
  return {
    'worklist.page': ({ offset, limit, ...filter }) => {
      const { total, unread, rows } = pageStudies(database, filter, offset, limit);
      return { total, unread, rows: rows.map(toWorklistRow) };
    },
    'study.open': ({ studyId }) => describeStudy(database, studyId),
  };
}
