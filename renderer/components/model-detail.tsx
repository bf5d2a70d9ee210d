import type { ReactNode } from 'react';
import type { ModelDetail } from '../../shared/ipc/model-answers.ts';
import { fill, fillCount } from '../messages/fill.ts';
import { formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import styles from './model-detail.module.css';
import table from './table.module.css';

const words = messages.models;
const isGazeSource = (source: string): source is keyof typeof messages.shell.gazeSources =>
  Object.hasOwn(messages.shell.gazeSources, source);

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{value}</td>
    </tr>
  );
}

/** "12 readings", and how many of them are simulated where any is. */
const counted = (
  forms: { readonly one: string; readonly many: string },
  count: number,
  simulated: number,
): string =>
  simulated === 0
    ? fillCount(forms, count)
    : fill(words.ofWhich, { of: fillCount(forms, count), n: simulated });

/** What a model has learnt from, by reader, modality and measure. */
function Lineage({ model }: { readonly model: ModelDetail }): ReactNode {
  const { readers, imagesBy, pairs, sources } = model.lineage;
  const { lineageRows } = words;
  const list = (parts: readonly string[]): string =>
    parts.length === 0 ? messages.shell.none : parts.join(' · ');
  return (
    <div data-testid="lineage">
      <h3>{words.lineage}</h3>
      {model.erasedReadings + model.erasedImages > 0 && (
        <p className={styles['warn']}>{words.erasedNote}</p>
      )}
      {model.withdrawnReadings > 0 && <p className={styles['warn']}>{words.withdrawnNote}</p>}
      <table className={table['table']}>
        <tbody>
          <Fact
            name={lineageRows.readers}
            value={list(
              readers.map(
                ({ reader, readings, simulated, withdrawn }) =>
                  `${reader ?? words.erasedReader}${withdrawn ? ` (${words.withdrawnReader})` : ''}: ${counted(words.readings, readings, simulated)}`,
              ),
            )}
          />
          <Fact
            name={lineageRows.sources}
            value={list(
              sources.map(
                ({ source, readings }) =>
                  `${isGazeSource(source) ? messages.shell.gazeSources[source] : source}: ${fillCount(words.readings, readings)}`,
              ),
            )}
          />
          <Fact
            name={lineageRows.images}
            value={list(
              imagesBy.map(
                ({ modality, images, simulated }) =>
                  `${modality === null ? words.erasedReader : messages.shell.modalities[modality]}: ${counted(words.images, images, simulated)}`,
              ),
            )}
          />
          <Fact
            name={lineageRows.pairs}
            value={list(
              pairs.map(
                ({ measure, pairs: count }) =>
                  `${messages.training.measures[measure]}: ${fillCount(words.pairs, count)}`,
              ),
            )}
          />
        </tbody>
      </table>
    </div>
  );
}

/** Where a model comes from, where its file lies, and what it has learnt from. */
export function ModelFacts({ model }: { readonly model: ModelDetail }): ReactNode {
  const { facts } = words;
  return (
    <div className={styles['facts']} data-testid="model-facts">
      <Lineage model={model} />
      <table className={table['table']}>
        <tbody>
          <Fact name={facts.run} value={String(model.runId)} />
          <Fact name={facts.made} value={formatTime(model.createdAtMs)} />
          <Fact name={facts.engine} value={model.engine ?? messages.shell.unknown} />
          <Fact name={facts.parameters} value={fill('{n}', { n: model.parameters })} />
          <Fact name={facts.file} value={model.file} />
          <Fact name={facts.sha256} value={model.sha256} />
          <Fact name={facts.fileState} value={words.fileStates[model.fileState]} />
        </tbody>
      </table>
    </div>
  );
}
