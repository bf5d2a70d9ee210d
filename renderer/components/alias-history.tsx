import type { ReactNode } from 'react';
import type { AliasChange } from '../../shared/ipc/model-answers.ts';
import { fill } from '../messages/fill.ts';
import { formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import table from './table.module.css';

const words = messages.models;

/** Who became champion or challenger, when, by whom and why; newest first. */
export function AliasHistory({ history }: { readonly history: readonly AliasChange[] }): ReactNode {
  return (
    <div data-testid="alias-history">
      <h3>{words.history}</h3>
      <table className={table['table']}>
        <tbody>
          {history.toReversed().map(({ alias, version, kind, by, changedAtMs, reason }, index) => (
            <tr key={history.length - index}>
              <td>{formatTime(changedAtMs)}</td>
              <td>{words.aliases[alias]}</td>
              <td>
                {version === null ? words.nobody : fill(words.model, { version: String(version) })}
              </td>
              <td>
                {words.kinds[kind]}
                {by === null ? '' : ` ${fill(words.by, { name: by })}`}
              </td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
