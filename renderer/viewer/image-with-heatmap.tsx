import { type ReactNode, useEffect, useRef } from 'react';
import { wordError } from '../../shared/messages/error-messages.ts';
import type { StudyImage } from '../../shared/ipc/answers.ts';
import { messages } from '../messages/en.ts';
import { drawHeatmap } from './draw-gaze.ts';
import { Picture } from './picture.tsx';
import styles from './picture.module.css';
import { useReplay } from './use-replay.ts';

type ImageWithHeatmapProps = {
  readonly image: StudyImage;
  /** The reading whose gaze is laid over; null: none. */
  readonly readingId: number | null;
  /** CSS pixels. */
  readonly height: number;
};

/** A still picture with the heat map of one reading over it. */
export function ImageWithHeatmap({ image, readingId, height }: ImageWithHeatmapProps): ReactNode {
  const { loaded, error } = useReplay(readingId);
  const canvas = useRef<HTMLCanvasElement>(null);
  const gaze = loaded?.gaze.find((each) => each.imageId === image.imageId);
  useEffect(() => {
    if (canvas.current !== null && gaze !== undefined)
      drawHeatmap(canvas.current, gaze, gaze.fixations);
  }, [gaze]);
  return (
    <Picture image={image} height={height}>
      <canvas
        ref={canvas}
        className={styles['layer']}
        style={{ opacity: 0.6 }}
        data-testid="heatmap"
      />
      {error !== undefined && <span className={styles['note']}>{wordError(error)}</span>}
      {loaded !== undefined && gaze === undefined && (
        <span className={styles['note']}>{messages.reading.replay.noGazeOnImage}</span>
      )}
    </Picture>
  );
}
