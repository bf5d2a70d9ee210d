import type { ReactNode } from 'react';
import { landmarkKinds } from '../../shared/gaze/landmarks.ts';
import type { ImagePoint } from '../../shared/gaze/points.ts';
import type { StudyImage } from '../../shared/ipc/answers.ts';
import { messages } from '../messages/en.ts';
import styles from './landmark-layer.module.css';
import type { Landmarking } from './use-landmarks.ts';

type LandmarkLayerProps = { readonly image: StudyImage; readonly landmarks: Landmarking };

/** Marks of an image, laid over its picture; while one is being set, a cross and the whole picture to click. */
export function LandmarkLayer({ image, landmarks }: LandmarkLayerProps): ReactNode {
  const { marks, marking, set } = landmarks;
  const { columns, rows } = image;
  const placeOf = ({ x, y }: ImagePoint): { readonly left: string; readonly top: string } => ({
    left: `${((x + 0.5) / columns) * 100}%`,
    top: `${((y + 0.5) / rows) * 100}%`,
  });
  return (
    <>
      {landmarkKinds.map((kind) => {
        const place = marks[kind];
        return place === null ? null : (
          <span
            key={kind}
            className={styles['mark']}
            data-kind={kind}
            data-testid={`landmark-${kind}`}
            style={placeOf(place)}
          >
            <span className={styles['name']}>{messages.landmarks.kinds[kind]}</span>
          </span>
        );
      })}
      {marking !== undefined && (
        <>
          <button
            type="button"
            autoFocus
            className={styles['target']}
            aria-label={messages.landmarks.targets[marking.kind]}
            data-testid="landmark-target"
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              set({
                x: ((event.clientX - box.left) / box.width) * columns - 0.5,
                y: ((event.clientY - box.top) / box.height) * rows - 0.5,
              });
            }}
          />
          <span
            className={styles['cross']}
            data-testid="landmark-cross"
            style={placeOf(marking.cross)}
          />
        </>
      )}
    </>
  );
}
