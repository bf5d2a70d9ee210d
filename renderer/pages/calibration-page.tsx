import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button, Dialog, Modal, ModalOverlay } from 'react-aria-components';
import type { Settings } from '../../shared/ipc/answers.ts';
import { useKeys } from '../components/use-keys.ts';
import { calibrate, type CalibrationStep } from '../gaze/calibrate.ts';
import { pxToDegrees } from '../gaze/calibration-points.ts';
import { webcam } from '../gaze/webcam.ts';
import { gazeMessages } from '../messages/en-gaze.ts';
import styles from './calibration-page.module.css';

const words = gazeMessages.calibration;

function resultSentence(errorPx: number | undefined, settings: Settings): string {
  if (errorPx === undefined) return words.noGaze;
  const degrees = pxToDegrees(
    errorPx,
    window.screen.width,
    settings.screenWidthMm,
    settings.viewingDistanceMm,
  );
  const px = String(Math.round(errorPx));
  return degrees === undefined
    ? words.result.replace('{px}', px)
    : words.resultDegrees.replace('{px}', px).replace('{degrees}', degrees.toFixed(1));
}

/** Fills the window above the page, which keeps neither focus nor keys meanwhile. */
function Screen({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <ModalOverlay isOpen isKeyboardDismissDisabled className={styles['page'] ?? ''}>
      <Modal>
        <Dialog className={styles['dialog'] ?? ''} aria-label={words.title}>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

type CalibrationPageProps = { readonly settings: Settings; readonly onDone: () => void };

/** Calibration and validation of the webcam, full window; Escape leaves it. */
export function CalibrationPage({ settings, onDone }: CalibrationPageProps): ReactNode {
  const [step, setStep] = useState<CalibrationStep | undefined>();
  const running = useRef<AbortController | undefined>(undefined);

  useKeys((event) => {
    if (event.key === 'Escape') onDone();
  });
  useEffect(() => () => running.current?.abort(), []);

  const start = (): void => {
    running.current?.abort();
    running.current = new AbortController();
    // The only rejection is the reader's own cancelling.
    calibrate(webcam, running.current.signal, setStep).catch(() => undefined);
  };

  return (
    <Screen>
      {step?.kind === 'dot' ? (
        <>
          <div
            data-testid="calibration-dot"
            className={styles['dot']}
            style={{ left: `${step.place.x * 100}%`, top: `${step.place.y * 100}%` }}
          />
          <p className={styles['hint']}>{step.teaching ? words.teaching : words.checking}</p>
        </>
      ) : (
        <div className={styles['panel']}>
          <h1>{words.title}</h1>
          {step === undefined && <p>{words.explain}</p>}
          {step?.kind === 'opening' && <p role="status">{words.opening}</p>}
          {step?.kind === 'trouble' && (
            <p role="alert" className={styles['trouble']}>
              {gazeMessages.why[step.trouble]}
            </p>
          )}
          {step?.kind === 'done' && <p role="status">{resultSentence(step.errorPx, settings)}</p>}
          {step?.kind !== 'opening' && (
            <div className={styles['buttons']}>
              <Button autoFocus onPress={start}>
                {step === undefined ? words.start : words.again}
              </Button>
              <Button onPress={onDone}>{step === undefined ? words.cancel : words.done}</Button>
            </div>
          )}
        </div>
      )}
    </Screen>
  );
}
