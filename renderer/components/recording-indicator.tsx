import { type ReactNode, useSyncExternalStore } from 'react';
import type { Recording, RecordingStatus } from '../gaze/recording.ts';
import { messages } from '../messages/en.ts';
import styles from './recording-indicator.module.css';

const words = messages.gaze;

function sentence(status: RecordingStatus): string {
  switch (status.kind) {
    case 'starting':
      return '';
    case 'recording':
      return `${words.sources[status.source]}, ${words.pauseHint}`;
    case 'paused':
      return words.resumeHint;
    case 'off':
      return words.why[status.why];
    default:
      return status satisfies never;
  }
}

function Face({
  status,
  onToggle,
}: {
  readonly status: RecordingStatus;
  readonly onToggle: (() => void) | undefined;
}): ReactNode {
  return (
    <button
      type="button"
      className={styles['indicator']}
      data-kind={status.kind}
      data-testid="recording"
      disabled={onToggle === undefined}
      onClick={onToggle}
    >
      <span className={styles['dot']} aria-hidden />
      <strong>{words.status[status.kind]}</strong>
      <span className={styles['why']}>{sentence(status)}</span>
    </button>
  );
}

function LiveFace({ recording }: { readonly recording: Recording }): ReactNode {
  const status = useSyncExternalStore(recording.subscribe, recording.getStatus);
  return <Face status={status} onToggle={() => recording.toggle('indicator')} />;
}

type IndicatorProps = {
  /** Undefined: nothing is recorded, for the reason `why`. */
  readonly recording: Recording | undefined;
  readonly why: Extract<RecordingStatus, { readonly kind: 'off' }>['why'];
};

/** Says at every moment whether gaze is stored and, if not, why; a click pauses or resumes. */
export function RecordingIndicator({ recording, why }: IndicatorProps): ReactNode {
  return recording === undefined ? (
    <Face status={{ kind: 'off', why }} onToggle={undefined} />
  ) : (
    <LiveFace recording={recording} />
  );
}
