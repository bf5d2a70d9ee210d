import type { StudyImage } from '../ipc/answers.ts';
import type { ImageFormat, Laterality, Modality } from '../imaging/study.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

export type NewImage = {
  readonly sha256: string;
  readonly format: ImageFormat;
  readonly fileBytes: number;
  readonly originalName: string;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly laterality: Laterality | null;
  readonly viewPosition: string | null;
  readonly sopInstanceUid: string | null;
  readonly seriesUid: string | null;
  readonly transferSyntax: string | null;
  readonly photometric: string | null;
  readonly simulated: boolean;
  /** Credit that must stand beside the picture; empty where none is needed. */
  readonly attribution: string;
};

/** What is known of a stored file. */
export type ImageFileRow = {
  readonly id: number;
  readonly sha256: string;
  readonly format: ImageFormat;
};

/** Whether a file with this hash is stored already. */
export function hasImage(database: ReadDatabase, sha256: string): boolean {
  return database.prepare('SELECT 1 FROM image WHERE sha256 = ?').get(sha256) !== undefined;
}

/** Adds an image to a study; answers its id. */
export function insertImage(database: WriteDatabase, studyId: number, image: NewImage): number {
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO image (study_id, sha256, format, file_bytes, original_name, row_count, column_count, frame_count,
         laterality, view_position, sop_instance_uid, series_uid, transfer_syntax, photometric, simulated, attribution)
       VALUES (@studyId, @sha256, @format, @fileBytes, @originalName, @rows, @columns, @frames, @laterality,
         @viewPosition, @sopInstanceUid, @seriesUid, @transferSyntax, @photometric, @simulated, @attribution)`,
    )
    .run({ ...image, studyId, simulated: Number(image.simulated) });
  return Number(lastInsertRowid);
}

/** The stored file of an image, or undefined. */
export function findImageFile(database: ReadDatabase, imageId: number): ImageFileRow | undefined {
  return database.prepare('SELECT id, sha256, format FROM image WHERE id = ?').get(imageId) as
    ImageFileRow | undefined;
}

type ImageRow = Omit<StudyImage, 'url' | 'simulated'> & { readonly simulated: number };

const columns = `id AS imageId, format, laterality, view_position AS viewPosition, row_count AS rows,
  column_count AS columns, frame_count AS frames, transfer_syntax AS transferSyntax, simulated, attribution`;

function toStudyImage(row: ImageRow): StudyImage {
  return {
    ...row,
    url: `/image/${row.imageId}`,
    simulated: row.simulated === 1,
  };
}

/** Images of a study in the order in which they were added. */
export function listImages(database: ReadDatabase, studyId: number): readonly StudyImage[] {
  const rows = database.prepare(`SELECT ${columns} FROM image WHERE study_id = ? ORDER BY id`);
  return (rows.all(studyId) as ImageRow[]).map(toStudyImage);
}

/** One image as the page sees it, or undefined. */
export function findImage(database: ReadDatabase, imageId: number): StudyImage | undefined {
  const row = database.prepare(`SELECT ${columns} FROM image WHERE id = ?`).get(imageId);
  return row === undefined ? undefined : toStudyImage(row as ImageRow);
}

/** The study of an image, or undefined. */
export function findStudyOfImage(
  database: ReadDatabase,
  imageId: number,
): { readonly studyId: number; readonly patient: string; readonly modality: Modality } | undefined {
  return database
    .prepare(
      'SELECT s.id AS studyId, s.patient, s.modality FROM image i JOIN study s ON s.id = i.study_id WHERE i.id = ?',
    )
    .get(imageId) as { studyId: number; patient: string; modality: Modality } | undefined;
}
