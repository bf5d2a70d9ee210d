import { type ExportReading, listExportImages } from '../../../shared/database/exports.ts';
import {
  iterateSamples,
  listEvents,
  listSamples,
  listStates,
} from '../../../shared/database/gaze.ts';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import { type ImageSize, splitByImage } from '../../../shared/gaze/image-gaze.ts';
import { toGeometry } from '../../../shared/gaze/geometry.ts';
import { mapToImage } from '../../../shared/gaze/map-to-image.ts';
import type { CountedTable } from './describe-dataset.ts';
import { TableFile, type WrittenFile } from './table-file.ts';
import { eventTable, fixationTable, sampleTable, stateTable } from './gaze-tables.ts';
import { imageTable, readingTable } from './reading-tables.ts';

/** Samples read from the database at a time. */
const samplesAtOnce = 5000;

type Files = Awaited<ReturnType<typeof createFiles>>;

async function createFiles(folder: string) {
  return {
    readings: await TableFile.create(folder, readingTable),
    samples: await TableFile.create(folder, sampleTable),
    states: await TableFile.create(folder, stateTable),
    events: await TableFile.create(folder, eventTable),
    fixations: await TableFile.create(folder, fixationTable),
    images: await TableFile.create(folder, imageTable),
  };
}

/** Writes one reading's rows; answers how many of its samples are earlier than the one before. */
async function writeReading(
  database: ReadDatabase,
  files: Files,
  reading: ExportReading,
  sizes: ReadonlyMap<number, ImageSize>,
): Promise<number> {
  await files.readings.add(reading);
  const { readingId, recordingId } = reading;
  if (recordingId === null) return 0;
  const states = listStates(database, recordingId);
  for (const [seq, state] of states.entries()) await files.states.add({ readingId, seq, state });
  for (const [seq, event] of listEvents(database, recordingId).entries())
    await files.events.add({ readingId, seq, event });
  let [seq, backwards, lastUs] = [0, 0, -1];
  for (const samples of iterateSamples(database, recordingId, samplesAtOnce)) {
    const places = mapToImage(samples, states);
    for (const [i, sample] of samples.entries()) {
      const mapped = places[i];
      if (mapped === undefined) throw new Error('Every sample has a place or a reason for none.');
      if (sample.tUs < lastUs) backwards += 1;
      lastUs = sample.tUs;
      await files.samples.add({ readingId, seq, sample, mapped });
      seq += 1;
    }
  }
  // One recording is held at a time: fixations are found as the station finds them, over a whole image.
  let fixationSeq = 0;
  for (const { imageId, fixations } of splitByImage(
    listSamples(database, recordingId),
    states,
    sizes,
    toGeometry(reading),
  ))
    for (const fixation of fixations) {
      await files.fixations.add({ readingId, seq: fixationSeq, imageId, fixation });
      fixationSeq += 1;
    }
  return backwards;
}

/** Writes the CSV files of these readings into a folder. */
export async function writeTables(
  database: ReadDatabase,
  readings: readonly ExportReading[],
  folder: string,
): Promise<{
  readonly files: readonly WrittenFile[];
  readonly tables: readonly CountedTable[];
  readonly samples: number;
  readonly samplesOutOfOrder: number;
}> {
  const files = await createFiles(folder);
  try {
    const images = listExportImages(
      database,
      readings.map(({ readingId }) => readingId),
    );
    for (const image of images) await files.images.add(image);
    const sizes = new Map(images.map(({ imageId, columns, rows }) => [imageId, { columns, rows }]));
    let samplesOutOfOrder = 0;
    for (const reading of readings)
      samplesOutOfOrder += await writeReading(database, files, reading, sizes);
    const tables: CountedTable[] = [
      { table: readingTable, rows: files.readings.rows },
      { table: sampleTable, rows: files.samples.rows },
      { table: stateTable, rows: files.states.rows },
      { table: eventTable, rows: files.events.rows },
      { table: fixationTable, rows: files.fixations.rows },
      { table: imageTable, rows: files.images.rows },
    ];
    const written: WrittenFile[] = [];
    for (const file of Object.values(files)) written.push(await file.finish());
    return { files: written, tables, samples: files.samples.rows, samplesOutOfOrder };
  } catch (error) {
    await Promise.allSettled(Object.values(files).map((file) => file.abandon()));
    throw error;
  }
}
