import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ExportReading, listExportReadings } from '../../../shared/database/exports.ts';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import type { ExportResult } from '../../../shared/ipc/answers.ts';
import type { ParsedInput } from '../../../shared/ipc/contract.ts';
import type { SomeHandlers } from '../../../shared/ipc/dispatch.ts';
import type { Host } from '../../host/host.ts';
import { wordFileError } from '../file-errors.ts';
import { describeDataset, describeManifest } from './describe-dataset.ts';
import type { WrittenFile } from './table-file.ts';
import { writeTables } from './write-tables.ts';

type ExportOptions = {
  readonly database: ReadDatabase;
  readonly host: Pick<Host, 'dataFolder' | 'version'>;
  readonly nowMs: () => number;
};

/** Why a reading may not go into an export, or undefined where it may. */
function reasonAgainst(
  reading: ExportReading,
  includeSimulated: boolean,
): ExportResult['leftOut'][number]['reason'] | undefined {
  // A program has no consent to give; a person's newest decision counts.
  if (reading.readerSimulated === 0 && reading.exportConsent !== 1) return 'no-consent';
  if (reading.recordingId === null || reading.samples === 0) return 'no-gaze';
  const isSimulated = reading.simulated === 1 || reading.readerSimulated === 1;
  return isSimulated && !includeSimulated ? 'simulated' : undefined;
}

/** A name that sorts by time and is not taken yet. */
function freeName(folder: string, nowMs: number): string {
  const time = new Date(nowMs).toISOString().replaceAll(/[:.]/gu, '-');
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? time : `${time}-${n}`;
    if (!existsSync(path.join(folder, name)) && !existsSync(path.join(folder, `${name}.part`)))
      return name;
  }
}

async function writeJson(folder: string, name: string, value: object): Promise<WrittenFile> {
  const bytes = Buffer.from(`${JSON.stringify(value, null, 2)}\n`, 'utf8');
  await writeFile(path.join(folder, name), bytes, { flag: 'wx', flush: true });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { name, bytes: bytes.length, sha256 };
}

/**
 * Exports readings and their gaze as CSV files with dataset.json and manifest.json into
 * exports/<time> below the data folder. The folder has its name only when it is whole. Readings that are
 * still open are not exported. Throws StationError disk-full, no-permission.
 */
export function createExports({
  database,
  host,
  nowMs,
}: ExportOptions): SomeHandlers<'export.readings'> {
  const exportReadings = async (
    selection: ParsedInput<'export.readings'>,
  ): Promise<ExportResult> => {
    const { modality, readingIds, includeSimulated } = selection;
    const leftOut: ExportResult['leftOut'][number][] = [];
    const readings = listExportReadings(database, modality, readingIds).filter((reading) => {
      const reason = reasonAgainst(reading, includeSimulated);
      if (reason !== undefined) leftOut.push({ readingId: reading.readingId, reason });
      return reason === undefined;
    });
    const createdAtMs = nowMs();
    const parent = path.join(host.dataFolder, 'exports');
    const name = freeName(parent, createdAtMs);
    const folder = path.join(parent, name);
    const part = `${folder}.part`;
    try {
      await mkdir(part, { recursive: true });
      const { files, tables, samples, samplesOutOfOrder } = await writeTables(
        database,
        readings,
        part,
      );
      const appVersion = host.version;
      const facts = { createdAtMs, appVersion, selection, readings, leftOut, samplesOutOfOrder };
      const described = [
        ...files,
        await writeJson(part, 'dataset.json', describeDataset(facts, tables)),
      ];
      const manifest = await writeJson(part, 'manifest.json', describeManifest(facts, described));
      await rename(part, folder);
      return {
        folder,
        files: [...described, manifest],
        readings: readings.length,
        samples,
        leftOut,
      };
    } catch (error) {
      await rm(part, { recursive: true, force: true });
      throw wordFileError(error, folder, host.dataFolder);
    }
  };
  return { 'export.readings': exportReadings };
}
