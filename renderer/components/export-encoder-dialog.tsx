import { type ReactNode, useState } from 'react';
import { Button, Label, RadioGroup } from 'react-aria-components';
import type { EncoderExport } from '../../shared/ipc/answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import { type EncoderFormat, encoderFormats } from '../../shared/training/encoder-formats.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import { station, toStationError } from '../station.ts';
import { useStationState } from '../store.ts';
import { ErrorLine } from './error-line.tsx';
import { DialogButtons, PageDialog } from './page-dialog.tsx';
import { RadioMark } from './tick-box.tsx';
import styles from './model-detail.module.css';

const words = messages.models.export;

/** Asks for the format, then has main write the encoder to where its own dialog says, and shows what was written. */
export function ExportEncoderDialog({
  version,
  onClose,
}: {
  readonly version: number;
  readonly onClose: () => void;
}): ReactNode {
  const { nativeDialogs } = useStationState();
  const [format, setFormat] = useState<EncoderFormat>('safetensors');
  const [isWriting, setWriting] = useState(false);
  const [written, setWritten] = useState<EncoderExport>();
  const [error, setError] = useState<StationError>();
  const write = async (): Promise<void> => {
    setWriting(true);
    setError(undefined);
    setWritten(undefined);
    try {
      setWritten((await station.ask('export.model', { version, format })) ?? undefined);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
    setWriting(false);
  };
  return (
    <PageDialog isOpen title={fill(words.title, { version: String(version) })} onClose={onClose}>
      <RadioGroup
        value={format}
        onChange={(value) => {
          const chosen = encoderFormats.find((each) => each === value);
          if (chosen !== undefined) setFormat(chosen);
          setWritten(undefined);
        }}
      >
        <Label>{words.format}</Label>
        {encoderFormats.map((each) => (
          <RadioMark key={each} value={each}>
            {words.formats[each]}
          </RadioMark>
        ))}
      </RadioGroup>
      <p className={styles['quiet']}>
        {words.explain} {!nativeDialogs && words.noDialog}
      </p>
      {error !== undefined && <ErrorLine error={error} />}
      {written !== undefined && (
        <p role="status" className={styles['written']} data-testid="exported">
          {fill(words.written, { file: written.file, sha256: written.sha256 })}
        </p>
      )}
      <p className={styles['use']}>{messages.models.researchUse}</p>
      <DialogButtons>
        <Button onPress={onClose}>{messages.shell.close}</Button>
        <Button autoFocus data-kind="primary" isPending={isWriting} onPress={() => void write()}>
          {isWriting ? words.writing : words.confirm}
        </Button>
      </DialogButtons>
    </PageDialog>
  );
}
