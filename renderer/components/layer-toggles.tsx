import type { ReactNode } from 'react';
import { messages } from '../messages/en.ts';
import { TickBox } from './tick-box.tsx';
import styles from './pair-view.module.css';

const words = messages.cases.layers;

/** What is shown of the gaze on both sides. */
export type ShownLayers = {
  readonly heatmap: boolean;
  readonly scanpath: boolean;
  /** Both sides in the frame that they share, in the place of the pictures. */
  readonly shared: boolean;
};

export const usualLayers: ShownLayers = { heatmap: true, scanpath: true, shared: false };

/** The layers after a key, or undefined where it is none of theirs. */
export function toggleLayer(key: string, layers: ShownLayers): ShownLayers | undefined {
  if (key === 'h') return { ...layers, heatmap: !layers.heatmap };
  if (key === 'x') return { ...layers, scanpath: !layers.scanpath };
  if (key === 'c') return { ...layers, shared: !layers.shared };
  return undefined;
}

/** Tick boxes for what is shown. */
export function LayerToggles({
  layers,
  onChange,
  withShared,
}: {
  readonly layers: ShownLayers;
  readonly onChange: (layers: ShownLayers) => void;
  readonly withShared: boolean;
}): ReactNode {
  return (
    <div className={styles['toggles']} role="group" aria-label={words.label}>
      <TickBox isSelected={layers.heatmap} onChange={(heatmap) => onChange({ ...layers, heatmap })}>
        {words.heatmap}
      </TickBox>
      <TickBox
        isSelected={layers.scanpath}
        onChange={(scanpath) => onChange({ ...layers, scanpath })}
      >
        {words.scanpath}
      </TickBox>
      {withShared && (
        <TickBox isSelected={layers.shared} onChange={(shared) => onChange({ ...layers, shared })}>
          {words.shared}
        </TickBox>
      )}
    </div>
  );
}
