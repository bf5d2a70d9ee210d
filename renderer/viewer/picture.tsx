import { utilities } from '@cornerstonejs/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { StudyImage } from '../../shared/ipc/answers.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import { imageIdsOf, startCornerstone } from './cornerstone.ts';
import styles from './picture.module.css';

type PictureProps = {
  readonly image: StudyImage;
  /** Height in CSS pixels; the width follows from the image. */
  readonly height: number;
  /** Laid over the whole picture. */
  readonly children?: ReactNode;
};

/**
 * Drawing of each DICOM image that is under way. Cornerstone names the viewport in which it draws after the
 * image and takes it away one task later: the next drawing of the same image must wait for that.
 */
const underWay = new Map<string, Promise<unknown>>();

async function drawDicom(canvas: HTMLCanvasElement, imageId: string): Promise<void> {
  const before = underWay.get(imageId) ?? Promise.resolve();
  const drawing = before.then(() => utilities.loadImageToCanvas({ canvas, imageId }));
  const settled = drawing
    .catch(() => undefined)
    .then(() => new Promise((resolve) => setTimeout(resolve, 20)));
  underWay.set(imageId, settled);
  try {
    await drawing;
  } finally {
    if (underWay.get(imageId) === settled) underWay.delete(imageId);
  }
}

async function draw(canvas: HTMLCanvasElement, image: StudyImage): Promise<void> {
  if (image.format === 'dicom') {
    startCornerstone();
    await drawDicom(canvas, imageIdsOf(image)[0] ?? '');
    return;
  }
  const response = await fetch(image.url);
  if (!response.ok) throw new Error(`${response.status}`);
  const bitmap = await createImageBitmap(await response.blob(), {
    resizeWidth: canvas.width,
    resizeHeight: canvas.height,
    resizeQuality: 'medium',
  });
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
}

/** A still picture of a stored image in its true proportions, with its default window. */
export function Picture({ image, height, children }: PictureProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [failure, setFailure] = useState<string | undefined>();
  const [drawn, setDrawn] = useState(false);
  const width = Math.max(1, Math.round((height * image.columns) / image.rows));

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    let gone = false;
    const ratio = window.devicePixelRatio;
    element.width = Math.max(1, Math.round(width * ratio));
    element.height = Math.max(1, Math.round(height * ratio));
    draw(element, image).then(
      () => {
        if (gone) return;
        setFailure(undefined);
        setDrawn(true);
      },
      (error: unknown) => {
        if (!gone) setFailure(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      gone = true;
    };
  }, [image, width, height]);

  return (
    <div className={styles['picture']} style={{ width, height }} data-drawn={drawn}>
      <canvas ref={canvas} className={styles['layer']} />
      {children}
      {failure !== undefined && (
        <p className={styles['failure']} role="alert">
          {fill(messages.reading.failed, { reason: failure })}
        </p>
      )}
    </div>
  );
}
