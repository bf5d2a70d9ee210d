import { createHash } from 'node:crypto';
import type { Assessment } from '../imaging/study.ts';
import type { LabelSource, SplitPart } from '../training/evaluation-result.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';
import { openPatientParts } from './patient-parts.ts';
import { listSnapshotImages, type SnapshotFilter, type SnapshotImage } from './snapshot.ts';

/** What an image can be named by in a file of labels. */
export type NamedImage = {
  readonly imageId: number;
  readonly sha256: string;
  readonly originalName: string;
  readonly sopInstanceUid: string | null;
  /** As the worklist shows the patient, and the key that the station keeps. */
  readonly patient: string;
  readonly patientKey: string;
};

/** Every image by what a file of labels may call it. */
export function listNamedImages(database: ReadDatabase): readonly NamedImage[] {
  return database
    .prepare(
      `SELECT i.id AS imageId, i.sha256, i.original_name AS originalName, i.sop_instance_uid AS sopInstanceUid,
         s.patient, s.patient_key AS patientKey
       FROM image i JOIN study s ON s.id = i.study_id ORDER BY i.id`,
    )
    .all() as NamedImage[];
}

/** Stores a file's labels as a set of their own; answers its id. */
export function insertLabelSet(
  database: WriteDatabase,
  set: {
    readonly name: string;
    readonly fileSha256: string;
    readonly userId: number;
    readonly importedAtMs: number;
    /** By image. */
    readonly labels: ReadonlyMap<number, string>;
  },
): number {
  return database.transaction(() => {
    const { lastInsertRowid } = database
      .prepare(
        'INSERT INTO label_set (name, file_sha256, user_id, imported_at_ms) VALUES (?, ?, ?, ?)',
      )
      .run(set.name, set.fileSha256, set.userId, set.importedAtMs);
    const insert = database.prepare('INSERT INTO image_label VALUES (?, ?, ?)');
    for (const [imageId, label] of set.labels) insert.run(lastInsertRowid, imageId, label);
    return Number(lastInsertRowid);
  })();
}

/** An image of the selection with its label and its part of the frozen split. */
export type LabelledImage = SnapshotImage & {
  readonly label: string;
  readonly part: SplitPart;
  /** The label itself was made by a program. */
  readonly simulatedLabel: boolean;
};

type Labels = {
  readonly of: ReadonlyMap<number, { readonly label: string; readonly simulated: boolean }>;
  readonly source: Omit<Extract<LabelSource, { readonly kind: 'file' }>, 'sha256'> | undefined;
};

/** The newest finished reading of each study: a person's before a program's. */
function labelsByAssessment(database: ReadDatabase, includeSimulated: boolean): Labels {
  const rows = database
    .prepare(
      `SELECT i.id AS imageId, r.assessment, u.simulated
       FROM reading r JOIN user u ON u.id = r.user_id JOIN image i ON i.study_id = r.study_id
       WHERE r.state = 'finished' AND (u.simulated = 0 OR ? = 1)
       ORDER BY u.simulated DESC, r.id`,
    )
    .all(Number(includeSimulated)) as {
    readonly imageId: number;
    readonly assessment: Assessment;
    readonly simulated: number;
  }[];
  return {
    source: undefined,
    of: new Map(
      rows.map(({ imageId, assessment, simulated }) => [
        imageId,
        {
          label: assessment === 'suspicious' ? 'suspicious' : 'not suspicious',
          simulated: simulated === 1,
        },
      ]),
    ),
  };
}

function labelsByFile(database: ReadDatabase): Labels | undefined {
  const set = database
    .prepare(
      `SELECT id AS labelSetId, name, file_sha256 AS fileSha256 FROM label_set ORDER BY id DESC LIMIT 1`,
    )
    .get() as
    { readonly labelSetId: number; readonly name: string; readonly fileSha256: string } | undefined;
  if (set === undefined) return undefined;
  const rows = database
    .prepare('SELECT image_id AS imageId, label FROM image_label WHERE label_set_id = ?')
    .all(set.labelSetId) as { readonly imageId: number; readonly label: string }[];
  return {
    source: { kind: 'file', ...set },
    of: new Map(rows.map(({ imageId, label }) => [imageId, { label, simulated: false }])),
  };
}

/**
 * Images of a selection that have a label, in the order of their ids: by the newest file of labels, or where
 * there is none by assessments, suspicious against the rest.
 */
export function listLabelledImages(
  database: ReadDatabase,
  filter: SnapshotFilter,
): { readonly images: readonly LabelledImage[]; readonly source: LabelSource } {
  const partOf = openPatientParts(database);
  const labels = labelsByFile(database) ?? labelsByAssessment(database, filter.includeSimulated);
  const images = listSnapshotImages(database, filter).flatMap((image) => {
    const found = labels.of.get(image.imageId);
    if (found === undefined) return [];
    const { label, simulated: simulatedLabel } = found;
    return [{ ...image, label, simulatedLabel, part: partOf(image.patientKey) }];
  });
  const list = images.map(({ sha256, label }) => `${sha256} ${label}`).toSorted();
  const sha256 = createHash('sha256').update(list.join('\n')).digest('hex');
  return {
    images,
    source:
      labels.source === undefined ? { kind: 'assessments', sha256 } : { ...labels.source, sha256 },
  };
}
