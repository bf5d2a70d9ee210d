import { existsSync } from 'node:fs';
import { opendir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { hasImage, insertImage } from '../../../shared/database/images.ts';
import {
  endImport,
  insertImport,
  insertRefusal,
  listRefusals,
} from '../../../shared/database/imports.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { ensureStudy } from '../../../shared/database/studies.ts';
import type { ImportProgress, ImportReport } from '../../../shared/ipc/answers.ts';
import type { Failure } from '../../../shared/ipc/contract.ts';
import { StationError } from '../../../shared/station-error.ts';
import { wordFileError } from '../file-errors.ts';
import { type FileStore, sha256Of } from '../file-store.ts';
import { inspectImage } from './inspect-image.ts';
import { largestFileBytes } from './inspected-image.ts';

/** Failures after which no further file can be stored. */
const stopping: readonly string[] = ['disk-full', 'data-folder-missing', 'data-folder-read-only'];

/** Milliseconds between two progress messages. */
const progressEveryMs = 100;
/** Milliseconds between two tellings that the worklist has changed. */
const changedEveryMs = 2000;

type Running = {
  importId: number;
  total: number;
  lookedAt: number;
  taken: number;
  alreadyThere: number;
  refused: number;
  bytes: number;
  stopped: Failure | null;
  finished: boolean;
  toldAtMs: number;
  changedAtMs: number;
  /** Files taken when the worklist was told last. */
  takenThen: number;
};

type ImporterOptions = {
  readonly database: WriteDatabase;
  readonly store: FileStore;
  readonly dataFolder: string;
  readonly nowMs: () => number;
  readonly emit: (progress: ImportProgress) => void;
  readonly changed: () => void;
};

/** Takes files into the station one by one; each is whole in store and database, or refused with its reason. */
export class Importer {
  readonly #options: ImporterOptions;
  readonly #imports = new Map<number, Running>();

  constructor(options: ImporterOptions) {
    this.#options = options;
  }

  /** Begins an import of so many files, or of an unknown number (0). */
  begin(total: number): number {
    const importId = insertImport(this.#options.database, this.#options.nowMs());
    this.#imports.set(importId, {
      importId,
      total,
      lookedAt: 0,
      taken: 0,
      alreadyThere: 0,
      refused: 0,
      bytes: 0,
      stopped: null,
      finished: false,
      toldAtMs: 0,
      changedAtMs: 0,
      takenThen: 0,
    });
    return importId;
  }

  /** Imports files and folders with all that is below them. Resolves with the report; never throws for a file. */
  async importPaths(importId: number, paths: readonly string[]): Promise<ImportReport> {
    const running = this.#find(importId);
    const files: string[] = [];
    for (const each of paths) await this.#collect(running, path.resolve(each), files, new Set());
    running.total = files.length + running.refused;
    for (const file of files) {
      if (running.stopped !== null) break;
      await this.#importFile(running, file);
    }
    return this.end(importId);
  }

  /** Imports one file of which the bytes are here already (upload); false where the import has stopped. */
  async importBytes(importId: number, name: string, bytes: Uint8Array): Promise<boolean> {
    const running = this.#find(importId);
    if (running.stopped === null) await this.#take(running, name, () => Promise.resolve(bytes));
    return running.stopped === null;
  }

  /** Counts a file that could not even be received. */
  refuse(importId: number, name: string, error: unknown): void {
    this.#refuse(this.#find(importId), name, error);
  }

  /** Ends the import and answers its report. */
  end(importId: number): ImportReport {
    const running = this.#find(importId);
    if (!running.finished) {
      running.finished = true;
      const { database, nowMs } = this.#options;
      endImport(database, importId, running, running.stopped, nowMs());
      this.#tell(running, true);
      this.#options.changed();
    }
    return this.report(importId);
  }

  /** The report so far. */
  report(importId: number): ImportReport {
    const running = this.#find(importId);
    return {
      ...this.#progressOf(running),
      stopped: running.stopped,
      refusals: listRefusals(this.#options.database, importId),
    };
  }

  #find(importId: number): Running {
    const running = this.#imports.get(importId);
    if (running === undefined) throw new StationError('not-found', { what: 'import' });
    return running;
  }

  #progressOf(running: Running): ImportProgress {
    const { importId, total, lookedAt, taken, alreadyThere, refused, bytes, finished } = running;
    return { importId, done: lookedAt, total, taken, alreadyThere, refused, bytes, finished };
  }

  #tell(running: Running, always: boolean): void {
    const nowMs = this.#options.nowMs();
    if (!always && nowMs - running.toldAtMs < progressEveryMs) return;
    running.toldAtMs = nowMs;
    this.#options.emit(this.#progressOf(running));
    if (running.taken === running.takenThen || nowMs - running.changedAtMs < changedEveryMs) return;
    running.changedAtMs = nowMs;
    running.takenThen = running.taken;
    this.#options.changed();
  }

  /** Lists files below `entry`; a folder that was seen already (a circle of links) is left out. */
  async #collect(
    running: Running,
    entry: string,
    files: string[],
    seen: Set<string>,
  ): Promise<void> {
    try {
      const found = await stat(entry);
      if (!found.isDirectory()) {
        if (found.isFile()) files.push(entry);
        return;
      }
      const real = await realpath(entry);
      if (seen.has(real)) return;
      seen.add(real);
      const names: string[] = [];
      for await (const child of await opendir(entry)) names.push(child.name);
      for (const name of names.toSorted())
        await this.#collect(running, path.join(entry, name), files, seen);
    } catch (error) {
      this.#refuse(running, entry, wordFileError(error, entry, entry));
    }
  }

  async #importFile(running: Running, file: string): Promise<void> {
    await this.#take(running, file, async () => {
      const { size } = await stat(file);
      if (size > largestFileBytes)
        throw new StationError('image-too-large', {
          size: `${Math.round(size / 1e6)} MB`,
          limit: `${Math.round(largestFileBytes / 1e6)} MB`,
        });
      try {
        return await readFile(file);
      } catch (error) {
        throw wordFileError(error, file, file);
      }
    });
  }

  async #take(running: Running, name: string, read: () => Promise<Uint8Array>): Promise<void> {
    const { database, store, dataFolder, nowMs } = this.#options;
    try {
      const bytes = await read();
      running.bytes += bytes.length;
      const { study, image } = inspectImage(bytes, path.basename(name));
      if (!existsSync(dataFolder))
        throw new StationError('data-folder-missing', { folder: dataFolder });
      const known = sha256Of(bytes);
      if (hasImage(database, known)) running.alreadyThere += 1;
      else {
        const sha256 = await store.put(bytes);
        database.transaction(() => {
          const studyId = ensureStudy(database, { ...study, demonstration: false }, nowMs());
          insertImage(database, studyId, {
            ...image,
            sha256,
            fileBytes: bytes.length,
            originalName: path.basename(name),
            attribution: '',
          });
        })();
        running.taken += 1;
      }
      running.lookedAt += 1;
      this.#tell(running, false);
    } catch (error) {
      this.#refuse(running, name, error);
    }
  }

  #refuse(running: Running, file: string, error: unknown): void {
    const worded = wordFileError(error, file, this.#options.dataFolder);
    const failure: Failure =
      worded instanceof StationError
        ? { code: worded.code, details: worded.details }
        : { code: 'unreadable-file', details: { reason: worded.message } };
    if (stopping.includes(failure.code)) running.stopped ??= failure;
    else {
      insertRefusal(this.#options.database, running.importId, running.refused, file, failure);
      running.refused += 1;
      running.lookedAt += 1;
    }
    this.#tell(running, false);
  }
}
