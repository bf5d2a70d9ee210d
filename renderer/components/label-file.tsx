import { type ReactNode, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { LabelImport } from '../../shared/ipc/evaluation-answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import { ErrorLine } from './error-line.tsx';
import { TickBox } from './tick-box.tsx';
import styles from './frozen-split.module.css';

const words = messages.evaluation;

/** A file's bytes in base64. */
function readBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      const url = typeof reader.result === 'string' ? reader.result : '';
      resolve(url.slice(url.indexOf(',') + 1));
    });
    reader.addEventListener('error', () => reject(reader.error ?? new Error('No file was read.')));
    reader.readAsDataURL(file);
  });
}

/** Takes a CSV file of labels, by which encoders are judged from then on. */
export function LabelFile({ onTaken }: { readonly onTaken: () => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [skipUnknown, setSkipUnknown] = useState(false);
  const [taken, setTaken] = useState<LabelImport>();
  const [error, setError] = useState<StationError>();
  const take = async (file: File): Promise<void> => {
    setError(undefined);
    setTaken(undefined);
    try {
      const base64 = await readBase64(file);
      const name = file.name.slice(0, 200);
      setTaken(await station.ask('labels.import', { name, base64, skipUnknown }));
      onTaken();
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };
  return (
    <div className={styles['take']} data-testid="label-file">
      <TickBox isSelected={skipUnknown} onChange={setSkipUnknown}>
        {words.skipUnknown}
      </TickBox>
      <Button onPress={() => input.current?.click()}>{words.importLabels}</Button>
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv"
        hidden
        data-testid="choose-labels"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          target.value = '';
          if (file !== undefined) void take(file);
        }}
      />
      {taken !== undefined && (
        <p role="status">
          {fill(words.labelsTaken, { images: taken.images, skipped: taken.skipped })}
        </p>
      )}
      {error !== undefined && <ErrorLine error={error} />}
    </div>
  );
}
