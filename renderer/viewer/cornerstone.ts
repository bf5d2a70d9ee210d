import * as core from '@cornerstonejs/core';
import { init as initDicomLoader } from '@cornerstonejs/dicom-image-loader';
import { utilities as metadata } from '@cornerstonejs/metadata';
import type { StudyImage } from '../../shared/ipc/answers.ts';
import { cureUnstoredBits } from './pixel-cures.ts';
import { cureWindows } from './voi-cures.ts';
import { forgetWebImages, registerWebImageLoader, webImageId } from './web-image-loader.ts';

let started = false;

/** Starts cornerstone and its loaders, once for the page. */
export function startCornerstone(): void {
  if (started) return;
  started = true;
  core.init();
  initDicomLoader({ maxWebWorkers: 2 });
  registerWebImageLoader();
  cureUnstoredBits();
  cureWindows();
}

/** Cornerstone's names of an image's frames. */
export function imageIdsOf(image: StudyImage): string[] {
  const url = new URL(image.url, window.location.href).href;
  if (image.format !== 'dicom') return [webImageId(url)];
  if (image.frames === 1) return [`wadouri:${url}`];
  return Array.from({ length: image.frames }, (_, i) => `wadouri:${url}?frame=${i + 1}`);
}

/** Gives back the memory of everything loaded; for when a case is closed. */
export function forgetImages(): void {
  core.cache.purgeCache();
  metadata.clearCacheData();
  forgetWebImages();
}
