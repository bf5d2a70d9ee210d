import type { Laterality } from '../../shared/imaging/study.ts';
import { badFile } from './file-faults.ts';
import { type ColumnNames, readTable } from './read-table.ts';
import type { ImageFolder } from './read-images.ts';

const columns: ColumnNames<'image' | 'label' | 'patient' | 'laterality' | 'view'> = {
  image: ['image', 'image_id', 'image_name', 'file', 'filename', 'file_name', 'name'],
  label: ['label', 'class', 'target', 'diagnosis', 'y'],
  patient: ['patient', 'patient_id', 'subject', 'subject_id', 'case', 'case_id'],
  laterality: ['laterality', 'image_laterality', 'side'],
  view: ['view', 'view_position'],
};

/** An image that takes part in a twin run. */
export type TwinImage = {
  /** From 1, in the order of the files' names. */
  readonly imageId: number;
  readonly file: string;
  /** Where the table names none: the image itself, so that every image is a patient of its own. */
  readonly patient: string;
  readonly label: string;
  readonly laterality: Laterality | null;
  readonly viewPosition: string | null;
};

export type TwinLabels = {
  readonly images: readonly TwinImage[];
  /** In the order of their names, at least two. */
  readonly labels: readonly string[];
  /** False: the table has no patients, and a split by patient could not be made. */
  readonly patientsKnown: boolean;
  /** Rows whose image is not in the folder. */
  readonly missing: readonly string[];
};

function readLaterality(file: string, line: number, value: string | undefined): Laterality | null {
  if (value === undefined) return null;
  const letter = value.slice(0, 1).toUpperCase();
  if (letter !== 'L' && letter !== 'R')
    throw badFile(file, line, `laterality is "${value}": L or R is known`);
  return letter;
}

/**
 * Labels of images: columns image, label, and if there are any patient, laterality (L, R), view. Throws StationError
 * file-missing, no-permission, and invalid-input where two rows of an image differ, a row has no label, or fewer than
 * two labels occur.
 */
export async function readLabels(file: string, folder: ImageFolder): Promise<TwinLabels> {
  const found = new Map<string, Omit<TwinImage, 'imageId'>>();
  const lineOf = new Map<string, number>();
  const missing: string[] = [];
  let patientsKnown = true;
  for await (const { line, values } of readTable(file, columns, ['image', 'label'])) {
    const { image, label, patient } = values;
    if (image === undefined) throw badFile(file, line, 'the row names no image');
    if (label === undefined) throw badFile(file, line, `${image} has no label`);
    const name = folder.find(image);
    if (name === undefined) {
      missing.push(image);
      continue;
    }
    if (patient === undefined) patientsKnown = false;
    const row = {
      file: name,
      label,
      patient: patient ?? name,
      laterality: readLaterality(file, line, values.laterality),
      viewPosition: values.view?.toUpperCase() ?? null,
    };
    const known = found.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(row))
      throw badFile(
        file,
        line,
        `${image} stands in line ${lineOf.get(name)} already, with other words; leave one of them out`,
      );
    found.set(name, row);
    if (known === undefined) lineOf.set(name, line);
  }
  const images = [...found.values()]
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
    .map((image, i) => ({ imageId: i + 1, ...image }));
  const labels = [...new Set(images.map(({ label }) => label))].toSorted();
  if (images.length === 0)
    throw badFile(
      file,
      undefined,
      `none of its images is in ${folder.folder} (the first is "${missing[0]}"); name the files there, with or without ending`,
    );
  if (labels.length < 2)
    throw badFile(file, undefined, 'all images have the same label: nothing could be told apart');
  return { images, labels, patientsKnown, missing };
}
