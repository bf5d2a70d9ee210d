import { type ReactNode, useEffect, useRef } from 'react';
import { wordError } from '../../shared/messages/error-messages.ts';
import type { StudyImage } from '../../shared/ipc/answers.ts';
import { messages } from '../messages/en.ts';
import { type AlignedMark, drawAlignment } from './draw-alignment.ts';
import { drawHeatmap, drawScanpath } from './draw-gaze.ts';
import { Picture } from './picture.tsx';
import styles from './picture.module.css';
import { useReplay } from './use-replay.ts';

/** What is laid over a picture. */
export type GazeLayers = { readonly heatmap: boolean; readonly scanpath: boolean };

type GazePictureProps = {
  readonly image: StudyImage;
  /** The reading whose gaze is laid over; null: none. */
  readonly readingId: number | null;
  /** CSS pixels. */
  readonly height: number;
  readonly layers: GazeLayers;
  /** Drawn in the place of the plain scanpath where they are given. */
  readonly marks?: readonly AlignedMark[] | undefined;
  /** Told once the gaze, and with it the chosen mark, is drawn. */
  readonly onDrawn?: () => void;
};

/** A still picture with the gaze of one reading over it. */
export function GazePicture(props: GazePictureProps): ReactNode {
  const { image, readingId, height, layers, marks, onDrawn } = props;
  const { heatmap, scanpath } = layers;
  const { loaded, error } = useReplay(readingId);
  const heat = useRef<HTMLCanvasElement>(null);
  const path = useRef<HTMLCanvasElement>(null);
  const gaze = loaded?.gaze.find((each) => each.imageId === image.imageId);
  useEffect(() => {
    if (heat.current !== null && gaze !== undefined)
      drawHeatmap(heat.current, gaze, gaze.fixations);
  }, [gaze]);
  useEffect(() => {
    // The canvas takes its size from the picture's.
    if (path.current === null || gaze === undefined || height === 0) return;
    if (marks !== undefined && scanpath) drawAlignment(path.current, gaze, gaze.fixations, marks);
    else
      drawScanpath(path.current, gaze, { fixations: scanpath ? gaze.fixations : [], samples: [] });
    onDrawn?.();
  }, [gaze, marks, scanpath, height, onDrawn]);
  const chosen = marks?.find((mark) => mark.chosen);
  const anchor = chosen === undefined || !scanpath ? undefined : gaze?.fixations[chosen.from];
  return (
    <Picture image={image} height={height}>
      <canvas
        ref={heat}
        className={styles['layer']}
        style={{ opacity: heatmap ? (scanpath ? 0.4 : 0.6) : 0 }}
        data-testid="heatmap"
      />
      <canvas ref={path} className={styles['layer']} data-testid="scanpath" />
      {anchor !== undefined && (
        <span
          data-anchor
          className={styles['anchor']}
          style={{
            left: `${(100 * (anchor.x + 0.5)) / image.columns}%`,
            top: `${(100 * (anchor.y + 0.5)) / image.rows}%`,
          }}
        />
      )}
      {error !== undefined && <span className={styles['note']}>{wordError(error)}</span>}
      {loaded !== undefined && gaze === undefined && (
        <span className={styles['note']}>{messages.reading.replay.noGazeOnImage}</span>
      )}
    </Picture>
  );
}
