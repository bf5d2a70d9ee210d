import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { StudyImage } from '../../../shared/ipc/answers.ts';
import { hangLimitMs } from '../../fixtures/hang-limit.ts';
import type { Driver } from './viewer-page/main.ts';

declare global {
  interface Window {
    readonly viewerDriver: Driver;
  }
}

/** A new folder of pictures that a page is served with; `put` adds one and answers its name. */
export function pictureFolder(): {
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
  readonly put: (name: string, bytes: Uint8Array) => string;
} {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-viewer-'));
  const files: Record<string, string> = {};
  const put = (name: string, bytes: Uint8Array): string => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    files[name] = file;
    return name;
  };
  return { folder, files, put };
}

/** An image of a study whose file was put there under `name`. */
export const image = (
  imageId: number,
  name: string,
  more: Partial<StudyImage> = {},
): StudyImage => ({
  imageId,
  url: `/${name}`,
  format: name.endsWith('.dcm') ? 'dicom' : 'png',
  laterality: null,
  viewPosition: null,
  rows: 0,
  columns: 0,
  frames: 1,
  transferSyntax: null,
  simulated: true,
  attribution: '',
  ...more,
});

/** The viewer's page, with nothing open. */
export async function openViewer(
  browser: Browser,
  url: string,
  deviceScaleFactor: number,
): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1001, height: 703 },
    deviceScaleFactor,
  });
  page.setDefaultTimeout(hangLimitMs);
  await page.goto(url);
  await page.waitForFunction(() => 'viewerDriver' in window);
  return page;
}
