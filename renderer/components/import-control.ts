import type { ImportProgress, ImportReport } from '../../shared/ipc/answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import { station, toStationError } from '../station.ts';
import { Store } from '../store.ts';
import type { DroppedFile } from './dropped-files.ts';
import { uploadFiles } from './upload.ts';

/** Where the one import of the page stands. */
export type ImportView =
  | { readonly kind: 'idle' }
  /** Waits for the host's dialog or lists a dropped folder. */
  | { readonly kind: 'listing' }
  | {
      readonly kind: 'running';
      /** Files handed over so far; null where main reads them itself. */
      readonly sent: { readonly done: number; readonly total: number } | null;
      readonly progress: ImportProgress | null;
    }
  | { readonly kind: 'done'; readonly report: ImportReport }
  /** Nothing was found in what the person chose. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly error: StationError };

/** Runs imports outside of React, so that one goes on while another page is shown. */
export class ImportControl {
  readonly view = new Store<ImportView>({ kind: 'idle' });
  /** Newest progress of each import; it may come before the import's id is known here. */
  readonly #progress = new Map<number, ImportProgress>();
  #importId: number | null = null;
  #finished: (() => void) | null = null;

  /** Listens to main's progress; the function it gives stops listening. */
  listen(): () => void {
    return station.on('import.progress', (progress) => {
      this.#progress.set(progress.importId, progress);
      if (progress.importId === this.#importId) this.#show(progress);
    });
  }

  /** True while another import cannot begin. */
  get busy(): boolean {
    const { kind } = this.view.get();
    return kind === 'running' || kind === 'listing';
  }

  /** Puts the result away. */
  dismiss(): void {
    if (!this.busy) this.view.set({ kind: 'idle' });
  }

  /** Lets the host choose a folder or files, then waits for main to read them. */
  async choose(what: 'folder' | 'files'): Promise<void> {
    await this.#run(async () => {
      const chosen = await station.ask('import.choose', { what });
      if (chosen === null) {
        this.view.set({ kind: 'idle' });
        return;
      }
      this.view.set({ kind: 'running', sent: null, progress: null });
      await this.#awaitEnd(chosen.importId);
      this.#report(await station.ask('import.report', { importId: chosen.importId }));
    });
  }

  /** Hands over files that the page holds: dropped, or chosen in the browser's own dialog. */
  async upload(listing: Promise<readonly DroppedFile[]>): Promise<void> {
    await this.#run(async () => {
      const files = await listing;
      if (files.length === 0) {
        this.view.set({ kind: 'nothing' });
        return;
      }
      const { importId } = await station.ask('import.begin-upload', { files: files.length });
      this.#importId = importId;
      const total = files.length;
      this.view.set({ kind: 'running', sent: { done: 0, total }, progress: null });
      const lost = await uploadFiles(importId, files, (done) => {
        const view = this.view.get();
        if (view.kind === 'running') this.view.set({ ...view, sent: { done, total } });
      });
      const report = await station.ask('import.end-upload', { importId });
      this.#report({
        ...report,
        refused: report.refused + lost.length,
        refusals: [...report.refusals, ...lost],
      });
    });
  }

  async #run(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.view.set({ kind: 'listing' });
    try {
      await work();
    } catch (thrown) {
      this.view.set({ kind: 'failed', error: toStationError(thrown) });
    } finally {
      this.#importId = null;
      this.#finished = null;
      this.#progress.clear();
    }
  }

  #report(report: ImportReport): void {
    this.view.set({ kind: 'done', report });
  }

  async #awaitEnd(importId: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#finished = resolve;
      this.#importId = importId;
      const early = this.#progress.get(importId);
      if (early !== undefined) this.#show(early);
    });
  }

  #show(progress: ImportProgress): void {
    const view = this.view.get();
    if (view.kind === 'running') this.view.set({ ...view, progress });
    if (progress.finished) this.#finished?.();
  }
}
