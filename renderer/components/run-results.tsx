import type { ReactNode } from 'react';
import type { MinedCount, RunDetail } from '../../shared/ipc/answers.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { AgreementNote } from './agreement-note.tsx';
import styles from './run-detail.module.css';
import table from './table.module.css';

const words = messages.training;

/** The threshold, or where kinds of image differ each with its kind. */
function thresholdsOf({ groups }: MinedCount, fixed: number): string {
  const texts = groups.map(({ group, threshold }) => ({
    group,
    text: threshold === null ? words.unattainable : String(Math.round(threshold * 1e4) / 1e4),
  }));
  if (new Set(texts.map(({ text }) => text)).size === 1) return texts[0]?.text ?? '';
  return texts.length === 0
    ? String(fixed)
    : texts.map(({ group, text }) => `${group} ${text}`).join(', ');
}

/** Share of the found pairs that chance alone would give, over all kinds of image. */
function byChanceOf({ groups, found }: MinedCount): string {
  if (found === 0 || groups.length === 0) return '';
  const expected = groups.reduce(
    (sum, group) => sum + (group.falseDiscoveryRate ?? 0) * group.found,
    0,
  );
  return `${((100 * expected) / found).toFixed(0)} %`;
}

/** Pairs by measure, with what chance alone would give. */
export function MinedTable({ run }: { readonly run: RunDetail }): ReactNode {
  const { minedColumns } = words;
  return (
    <div>
      <h3>{words.mined}</h3>
      <table className={table['table']} data-testid="mined">
        <thead>
          <tr>
            <th scope="col">{minedColumns.measure}</th>
            <th scope="col">{minedColumns.found}</th>
            <th scope="col">{minedColumns.threshold}</th>
            <th scope="col">{minedColumns.byChance}</th>
            <th scope="col">{minedColumns.compared}</th>
            <th scope="col">{minedColumns.undefined}</th>
            <th scope="col">{minedColumns.images}</th>
          </tr>
        </thead>
        <tbody>
          {run.mined.map((count) => (
            <tr key={count.measure} data-measure={count.measure}>
              <th scope="row">{words.measures[count.measure]}</th>
              <td data-testid="pairs-found">{fill('{n}', { n: count.found })}</td>
              <td>{thresholdsOf(count, run.configuration.thresholds[count.measure])}</td>
              <td>{byChanceOf(count)}</td>
              <td>{fill('{n}', { n: count.compared })}</td>
              <td>{fill('{n}', { n: count.undefinedPairs })}</td>
              <td>{fill('{n}', { n: count.images })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{messages.agreement.title}</h3>
      {run.mined.map(({ measure, agreement }) => (
        <div key={measure}>
          {words.measures[measure]}: <AgreementNote agreement={agreement} />
        </div>
      ))}
    </div>
  );
}

/** The saved encoder: where it lies, its hash and its size, and what it may be used for. */
export function EncoderTable({
  encoder,
}: {
  readonly encoder: NonNullable<RunDetail['encoder']>;
}): ReactNode {
  return (
    <div data-testid="encoder">
      <h3>{words.encoderTitle}</h3>
      <table className={`${table['table'] ?? ''} ${styles['encoder'] ?? ''}`}>
        <tbody>
          <tr>
            <th scope="row">{words.encoderFile}</th>
            <td>
              <code>{encoder.file}</code>
            </td>
          </tr>
          <tr>
            <th scope="row">{words.encoderSha}</th>
            <td>
              <code>{encoder.sha256}</code>
            </td>
          </tr>
          <tr>
            <th scope="row">{words.encoderParameters}</th>
            <td>{fill('{n}', { n: encoder.parameters })}</td>
          </tr>
        </tbody>
      </table>
      <p className={styles['use']}>{words.encoderUse}</p>
    </div>
  );
}
