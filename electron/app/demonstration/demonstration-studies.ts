import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hasImage, insertImage } from '../../../shared/database/images.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { ensureStudy } from '../../../shared/database/studies.ts';
import type { Assessment } from '../../../shared/imaging/study.ts';
import type { FileStore } from '../file-store.ts';
import type { InspectedImage } from '../import/inspected-image.ts';
import { inspectImage } from '../import/inspect-image.ts';
import { libraryFolder, type LibraryStudy, type PictureStructure, readLibrary } from './library.ts';
import { makePhantomStudies, type PhantomStudy, type Target } from './phantom-studies.ts';
import type { SimulatedStudy } from './simulated-readers.ts';

/** A picture whose bytes are in the file store, ready to be entered. */
type StoredPicture = {
  readonly inspected: InspectedImage;
  readonly sha256: string;
  readonly fileBytes: number;
  readonly name: string;
  readonly attribution: string;
  readonly targets: readonly Target[];
};

/** A demonstration study whose files are stored. */
export type StoredStudy = {
  readonly study: InspectedImage['study'];
  readonly pictures: readonly StoredPicture[];
  readonly assessment: Assessment;
};

async function storePicture(
  store: FileStore,
  bytes: Uint8Array,
  name: string,
  rest: Pick<StoredPicture, 'attribution' | 'targets'>,
): Promise<StoredPicture> {
  const inspected = inspectImage(bytes, name);
  const sha256 = await store.put(bytes);
  return { inspected, sha256, fileBytes: bytes.length, name, ...rest };
}

/** The disc, the macula (about 2.5 disc diameters away, towards the middle), then the spots. */
function fundusTargets(
  structures: readonly PictureStructure[],
  columns: number,
): readonly Target[] {
  const disc = structures.find(({ kind }) => kind === 'disc');
  const spots = structures.filter(({ kind }) => kind !== 'disc');
  const strongest = Math.max(...spots.map(({ contrast }) => contrast), 20);
  const landmarks =
    disc === undefined
      ? []
      : [
          { x: disc.x, y: disc.y, weight: 0.45 },
          {
            x: disc.x + (disc.x < columns / 2 ? 0.3 : -0.3) * columns,
            y: disc.y,
            weight: 0.4,
          },
        ];
  return [
    ...landmarks,
    ...spots
      .toSorted((a, b) => b.contrast - a.contrast)
      .slice(0, 6)
      .map(({ x, y, contrast }) => ({ x, y, weight: contrast / strongest })),
  ];
}

function fundusAssessment(structures: readonly PictureStructure[]): Assessment {
  const spots = structures.filter(({ kind, contrast }) => kind !== 'disc' && contrast > 12).length;
  if (spots >= 5) return 'suspicious';
  return spots >= 2 ? 'benign' : 'normal';
}

async function storeFundus(
  store: FileStore,
  folder: string,
  study: LibraryStudy,
): Promise<StoredStudy> {
  const pictures = await Promise.all(
    study.images.map(async ({ file, attribution, laterality, simulated, structures }) => {
      const bytes = await readFile(path.join(folder, file));
      const name = path.posix.basename(file);
      const stored = await storePicture(store, bytes, name, { attribution, targets: [] });
      const image = { ...stored.inspected.image, laterality, simulated };
      return {
        ...stored,
        inspected: { ...stored.inspected, image },
        targets: fundusTargets(structures, image.columns),
      };
    }),
  );
  const { studyUid, patient, description, modality, studyDate } = study;
  return {
    study: {
      studyUid,
      patientKey: studyUid,
      patient,
      description,
      modality,
      studyDate,
      simulated: study.images.some(({ simulated }) => simulated),
    },
    pictures,
    assessment: fundusAssessment(study.images.flatMap(({ structures }) => structures)),
  };
}

async function storePhantom(store: FileStore, study: PhantomStudy): Promise<StoredStudy> {
  const pictures = await Promise.all(
    study.pictures.map(({ write, name, targets }) =>
      storePicture(store, write(), name, { attribution: '', targets }),
    ),
  );
  const [first] = pictures;
  if (first === undefined) throw new Error('A screening study has four pictures.');
  const [finding] = study.woman.findings;
  const assessments = { mass: 'suspicious', calcifications: 'benign' } as const;
  return {
    study: first.inspected.study,
    pictures,
    assessment: finding === undefined ? 'normal' : assessments[finding.kind],
  };
}

/** Puts the files of every demonstration study into the store; the database does not know them yet. */
export async function storeDemonstrationFiles(
  store: FileStore,
  assetsFolder: string,
  seed: number,
): Promise<readonly StoredStudy[]> {
  const folder = libraryFolder(assetsFolder);
  const studies: StoredStudy[] = [];
  for (const study of makePhantomStudies(seed)) studies.push(await storePhantom(store, study));
  const fundus = await readLibrary(assetsFolder);
  studies.push(...(await Promise.all(fundus.map((study) => storeFundus(store, folder, study)))));
  return studies;
}

/** Enters a stored study into the database; answers what simulated readers need. */
export function enterStudy(
  database: WriteDatabase,
  { study, pictures, assessment }: StoredStudy,
  nowMs: number,
): SimulatedStudy {
  const studyId = ensureStudy(database, { ...study, demonstration: true }, nowMs);
  const images = pictures
    .filter(({ sha256 }) => !hasImage(database, sha256))
    .map(({ inspected: { image }, sha256, fileBytes, name, attribution, targets }) => {
      const imageId = insertImage(database, studyId, {
        ...image,
        sha256,
        fileBytes,
        originalName: name,
        attribution,
      });
      return { imageId, columns: image.columns, rows: image.rows, targets };
    });
  return { studyId, images, assessment };
}
