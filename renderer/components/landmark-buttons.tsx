import type { ReactNode } from 'react';
import { landmarkKinds } from '../../shared/gaze/landmarks.ts';
import { wordError } from '../../shared/messages/error-messages.ts';
import { messages } from '../messages/en.ts';
import type { Landmarking } from '../viewer/use-landmarks.ts';
import styles from './landmark-buttons.module.css';

/** Begins to mark disc or fovea, says how, and takes a mark back. */
export function LandmarkButtons({ landmarks }: { readonly landmarks: Landmarking }): ReactNode {
  const { marks, marking, error, begin, leave, set } = landmarks;
  const hint = marking === undefined ? undefined : messages.landmarks.hint;
  return (
    <span className={styles['group']} role="group" aria-label={messages.landmarks.group}>
      {landmarkKinds.map((kind) => (
        <button
          key={kind}
          type="button"
          aria-pressed={marking?.kind === kind}
          onClick={() => (marking?.kind === kind ? leave() : begin(kind))}
        >
          {messages.landmarks.mark[kind]}
        </button>
      ))}
      {marking !== undefined && marks[marking.kind] !== null && (
        <button type="button" onClick={() => set(null)}>
          {messages.landmarks.remove}
        </button>
      )}
      <span className={styles['hint']} role="status">
        {error === undefined ? hint : wordError(error)}
      </span>
    </span>
  );
}
