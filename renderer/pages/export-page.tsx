import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ExportResult } from '../../shared/ipc/answers.ts';
import { modalities, type Modality } from '../../shared/imaging/study.ts';
import type { StationError } from '../../shared/station-error.ts';
import { countLeftOut } from '../components/count-left-out.ts';
import { ErrorLine } from '../components/error-line.tsx';
import { SelectField } from '../components/fields.tsx';
import { TickBox } from '../components/tick-box.tsx';
import { fillCount } from '../messages/fill.ts';
import { formatBytes } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import table from '../components/table.module.css';
import styles from './list-page.module.css';

const words = messages.export;

function Result({ result }: { readonly result: ExportResult }): ReactNode {
  const leftOut = countLeftOut(result.leftOut);
  return (
    <section className={styles['card']} data-testid="export-result">
      <h2 role="status" className={styles['ok']}>
        ✓ {words.doneTitle}
      </h2>
      <p>
        {fillCount(words.readings, result.readings)}, {fillCount(words.samples, result.samples)}
      </p>
      <p>
        {words.folder}: <code data-testid="export-folder">{result.folder}</code>
      </p>
      <h3>{words.files}</h3>
      <table className={`${table['table']} ${styles['files']}`}>
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            <th scope="col">{words.columns.size}</th>
            <th scope="col">{words.columns.sha256}</th>
          </tr>
        </thead>
        <tbody>
          {result.files.map((file) => (
            <tr key={file.name}>
              <td>{file.name}</td>
              <td className={styles['size']}>{formatBytes(file.bytes)}</td>
              <td>
                <code>{file.sha256}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{words.leftOut}</h3>
      {leftOut.length === 0 ? (
        <p className={styles['quiet']}>{words.nothingLeftOut}</p>
      ) : (
        <ul className={styles['list']}>
          {leftOut.map(({ reason, count }) => (
            <li key={reason}>{fillCount(words.reasons[reason], count)}</li>
          ))}
        </ul>
      )}
      <p className={styles['use']}>{words.researchUse}</p>
    </section>
  );
}

/** Writes readings and gaze to files; for administrators. */
export function ExportPage(): ReactNode {
  const [modality, setModality] = useState<Modality | null>(null);
  const [includeSimulated, setIncludeSimulated] = useState(false);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<StationError>();
  const [result, setResult] = useState<ExportResult>();
  const start = async (): Promise<void> => {
    setWorking(true);
    setError(undefined);
    setResult(undefined);
    try {
      setResult(
        await station.ask('export.readings', { modality, readingIds: null, includeSimulated }),
      );
    } catch (thrown) {
      setError(toStationError(thrown));
    }
    setWorking(false);
  };
  return (
    <div className={`${styles['page'] ?? ''} ${styles['narrow'] ?? ''}`}>
      <h1>{words.title}</h1>
      <p className={styles['quiet']}>{words.explain}</p>
      <div className={styles['row']}>
        <SelectField
          label={words.modality}
          value={modality}
          any={messages.shell.anyModality}
          options={modalities.map((value) => ({ value, text: messages.shell.modalities[value] }))}
          onChange={setModality}
        />
      </div>
      <TickBox isSelected={includeSimulated} onChange={setIncludeSimulated}>
        {words.includeSimulated}
      </TickBox>
      <div className={styles['row']}>
        <Button data-kind="primary" isDisabled={working} onPress={() => void start()}>
          {working ? words.working : words.start}
        </Button>
      </div>
      {error !== undefined && <ErrorLine error={error} />}
      {result !== undefined && <Result result={result} />}
    </div>
  );
}
