import { type ReactNode, useEffect, useRef } from 'react';
import { canvasSide } from '../../shared/gaze/heatmap.ts';
import type { ExplainedSide } from '../../shared/ipc/case-answers.ts';
import { messages } from '../messages/en.ts';
import { drawHeatmap, drawScanpath } from './draw-gaze.ts';
import type { GazeLayers } from './gaze-picture.tsx';
import pictureStyles from './picture.module.css';

const frame = { columns: canvasSide, rows: canvasSide };

/** Gaze of one side in the frame that both images share, without the picture. */
export function SharedFrame({
  side,
  sidePx,
  layers,
}: {
  readonly side: Pick<ExplainedSide, 'fixations' | 'sigmaPx'>;
  /** CSS pixels. */
  readonly sidePx: number;
  readonly layers: GazeLayers;
}): ReactNode {
  const heat = useRef<HTMLCanvasElement>(null);
  const path = useRef<HTMLCanvasElement>(null);
  const { heatmap, scanpath } = layers;
  useEffect(() => {
    // The canvas takes its size from the frame's.
    if (sidePx <= 0) return;
    const fixations = side.fixations.map(({ x, y, duration }) => ({
      x: x - 0.5,
      y: y - 0.5,
      startMs: 0,
      durationMs: duration,
    }));
    if (heat.current !== null)
      drawHeatmap(heat.current, { ...frame, sigmaPx: side.sigmaPx }, heatmap ? fixations : []);
    if (path.current !== null)
      drawScanpath(path.current, frame, { fixations: scanpath ? fixations : [], samples: [] });
  }, [side, sidePx, heatmap, scanpath]);
  return (
    <div
      className={pictureStyles['frame']}
      style={{ width: sidePx, height: sidePx }}
      data-testid="shared-frame"
    >
      <canvas ref={heat} className={pictureStyles['layer']} style={{ opacity: 0.8 }} />
      <canvas ref={path} className={pictureStyles['layer']} />
      <span className={pictureStyles['note']}>{messages.cases.sharedFrame}</span>
    </div>
  );
}
