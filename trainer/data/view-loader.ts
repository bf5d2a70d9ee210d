import { Worker } from 'node:worker_threads';
import { StationError } from '../../shared/station-error.ts';
import type { ImageCache } from './image-cache.ts';
import {
  makeViews,
  type ViewAnswer,
  type ViewCommand,
  type ViewJob,
  viewLength,
} from './view-work.ts';
import { siblingFile } from '../sibling-file.ts';

/** Two views of some images, each `[image, 3, height, width]`. */
export type Views = Pick<ViewCommand, 'view1' | 'view2'>;

type Waiting = {
  readonly resolve: (views: Views) => void;
  readonly reject: (error: unknown) => void;
};

type Thread = { readonly worker: Worker; readonly waiting: Map<number, Waiting> };

/**
 * Makes views of prepared pictures, on threads or, with none, in this one. What comes out does not depend on
 * how many there are. It must be closed.
 */
export class ViewLoader {
  readonly cache: ImageCache;
  readonly #threads: Thread[] = [];
  /** Arrays that nobody reads any more, to be written again. */
  readonly #free: Views[] = [];
  #nextId = 0;
  #failure: Error | undefined;

  constructor(cache: ImageCache, threadCount: number) {
    this.cache = cache;
    while (this.#threads.length < threadCount) this.#threads.push(this.#start());
  }

  /** Batches to be asked for ahead of the one that is used: one for each thread. */
  get ahead(): number {
    return this.#threads.length;
  }

  /** The views of a job, `[image, 3, height, width]` each. Rejects with StationError prepared-image-lost. */
  async make(job: ViewJob): Promise<Views> {
    if (this.#failure !== undefined) throw this.#failure;
    const { view1, view2 } = this.#takeArrays(job.images.length);
    const thread = this.#threads.toSorted((a, b) => a.waiting.size - b.waiting.size)[0];
    if (thread === undefined) {
      makeViews(this.cache, job, view1, view2);
      return { view1, view2 };
    }
    const id = (this.#nextId += 1);
    const command: ViewCommand = { id, job, view1, view2 };
    return new Promise((resolve, reject) => {
      thread.waiting.set(id, { resolve, reject });
      thread.worker.postMessage(command, [view1.buffer, view2.buffer]);
    });
  }

  /** Takes back arrays that are not read any more. */
  giveBack(views: Views): void {
    this.#free.push(views);
  }

  /** Ends the threads; what was asked for and not answered is rejected. */
  async close(): Promise<void> {
    this.#fail(new Error('The loader of views is closed.'));
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #takeArrays(images: number): Views {
    const length = images * viewLength(this.cache);
    const free = this.#free.pop();
    if (free?.view1.length === length && free.view2.length === length) return free;
    return { view1: new Float32Array(length), view2: new Float32Array(length) };
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { waiting } of this.#threads) {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    }
  }

  #start(): Thread {
    const worker = new Worker(siblingFile('view-worker', import.meta), {
      workerData: { ...this.cache, images: [] },
    });
    const waiting = new Map<number, Waiting>();
    worker.on('message', (answer: ViewAnswer) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('failure' in answer) {
        const { code, details } = answer.failure;
        asked?.reject(new StationError(code, details));
      } else asked?.resolve({ view1: answer.view1, view2: answer.view2 });
    });
    worker.on('error', (error) =>
      this.#fail(error instanceof Error ? error : new Error(String(error))),
    );
    return { worker, waiting };
  }
}
