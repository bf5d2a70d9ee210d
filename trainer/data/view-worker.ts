import { parentPort, workerData } from 'node:worker_threads';
import { StationError } from '../../shared/station-error.ts';
import type { ImageCache } from './image-cache.ts';
import { makeViews, type ViewAnswer, type ViewCommand } from './view-work.ts';

/** The cache without its list: a job names its own images. */
const cache = workerData as ImageCache;

parentPort?.on('message', ({ id, job, view1, view2 }: ViewCommand) => {
  try {
    makeViews(cache, job, view1, view2);
    const answer: ViewAnswer = { id, view1, view2 };
    parentPort?.postMessage(answer, [view1.buffer, view2.buffer]);
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    const answer: ViewAnswer = { id, failure: { code: error.code, details: error.details } };
    parentPort?.postMessage(answer);
  }
});
