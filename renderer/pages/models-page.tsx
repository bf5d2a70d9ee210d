import { type ReactNode, useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ModelList, ModelRow } from '../../shared/ipc/model-answers.ts';
import { hasEnded } from '../../shared/training/run-states.ts';
import type { StationError } from '../../shared/station-error.ts';
import { AliasHistory } from '../components/alias-history.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { ErrorLine } from '../components/error-line.tsx';
import { SelectField } from '../components/fields.tsx';
import { ModelActions } from '../components/model-actions.tsx';
import { ModelCardDialog } from '../components/model-card-dialog.tsx';
import { modelColumns } from '../components/model-columns.tsx';
import { ComparisonTable } from '../components/model-comparison.tsx';
import { ModelFacts } from '../components/model-detail.tsx';
import { keysAreTaken } from '../components/navigation-keys.ts';
import { PromoteDialog } from '../components/promote-dialog.tsx';
import { RowGrid } from '../components/row-grid.tsx';
import { useKeys } from '../components/use-keys.ts';
import { useRequest } from '../components/use-request.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import styles from './models-page.module.css';

const words = messages.models;

type Opened = 'promote' | 'roll-back' | 'card' | null;

/** A model beside the champion, or beside the one that is chosen, and where it comes from. */
function ChosenModel({
  version,
  other,
  round,
  list,
  onChanged,
}: {
  readonly version: number;
  readonly other: number | null;
  /** Grows when something has changed. */
  readonly round: number;
  readonly list: ModelList;
  readonly onChanged: () => void;
}): ReactNode {
  const { value: model, error, askAgain } = useRequest('model.get', { version });
  const compared = useRequest('model.compare', { version, with: other });
  const { askAgain: compareAgain } = compared;
  useEffect(() => {
    if (round === 0) return;
    askAgain();
    compareAgain();
  }, [round, askAgain, compareAgain]);
  const comparison = compared.value;
  const title = comparison?.champion === null ? words.aloneTitle : words.compareTitle;
  return (
    <>
      <section className={styles['column']}>
        {compared.error !== undefined && <ErrorLine error={compared.error} />}
        {comparison !== undefined && (
          <>
            <h3>
              {fill(title, {
                candidate: String(version),
                champion: String(comparison.champion?.version ?? ''),
              })}
            </h3>
            <ComparisonTable comparison={comparison} />
          </>
        )}
        <AliasHistory history={list.history} />
      </section>
      <section className={styles['column']}>
        {error !== undefined && <ErrorLine error={error} />}
        {model !== undefined && (
          <>
            <ModelActions model={model} rollBackTo={list.rollBackTo} onChanged={onChanged} />
            <ModelFacts model={model} />
          </>
        )}
      </section>
    </>
  );
}

function ModelView({
  list,
  model,
  round,
  onChanged,
}: {
  readonly list: ModelList;
  readonly model: ModelRow;
  readonly round: number;
  readonly onChanged: () => void;
}): ReactNode {
  const { version, aliases } = model;
  const { rollBackTo, models } = list;
  const [opened, setOpened] = useState<Opened>(null);
  const [other, setOther] = useState<number | null>(null);
  const [error, setError] = useState<StationError>();
  const canPromote = !aliases.includes('champion') && model.fileDeletedAtMs === null;
  useKeys((event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || keysAreTaken(event.target)) return;
    if (event.key === 'p' && canPromote) setOpened('promote');
    else if (event.key === 'b' && rollBackTo !== null) setOpened('roll-back');
    else if (event.key === 'c') setOpened('card');
    else return;
    event.preventDefault();
  });
  const close = (): void => setOpened(null);
  const rollBack = async (): Promise<void> => {
    try {
      await station.ask('model.rollback', {});
      setError(undefined);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
    onChanged();
  };
  return (
    <>
      <div className={styles['actions']}>
        <h2 data-testid="chosen-model">{fill(words.model, { version: String(version) })}</h2>
        <div className={styles['compareWith']}>
          <SelectField
            label={words.compareWith}
            value={other === null ? null : String(other)}
            any={words.theChampion}
            options={models
              .filter((each) => each.version !== version)
              .map((each) => ({
                value: String(each.version),
                text: fill(words.model, { version: String(each.version) }),
              }))}
            onChange={(value) => setOther(value === null ? null : Number(value))}
          />
        </div>
        <Button onPress={() => setOpened('card')}>
          {words.card} <kbd>c</kbd>
        </Button>
        <Button isDisabled={rollBackTo === null} onPress={() => setOpened('roll-back')}>
          {words.rollBack} <kbd>b</kbd>
        </Button>
        <Button data-kind="primary" isDisabled={!canPromote} onPress={() => setOpened('promote')}>
          {words.promote} <kbd>p</kbd>
        </Button>
      </div>
      <div className={styles['chosen']}>
        {error !== undefined && <ErrorLine error={error} />}
        <ChosenModel
          version={version}
          other={other}
          round={round}
          list={list}
          onChanged={onChanged}
        />
      </div>
      {opened === 'promote' && (
        <PromoteDialog
          version={version}
          onDone={() => {
            close();
            onChanged();
          }}
          onClose={close}
        />
      )}
      {opened === 'card' && <ModelCardDialog version={version} onClose={close} />}
      <ConfirmDialog
        title={fill(words.rollBackTitle, { version: String(rollBackTo ?? '') })}
        explain={words.rollBackExplain}
        confirm={words.rollBackConfirm}
        keep={words.rollBackKeep}
        isOpen={opened === 'roll-back'}
        onConfirm={() => void rollBack()}
        onClose={close}
      />
    </>
  );
}

/** The registry: every model, its figures, and who is champion; for administrators. */
export function ModelsPage(): ReactNode {
  const { value: list, error, askAgain } = useRequest('model.list', {});
  const [chosen, setChosen] = useState<number>();
  const [round, setRound] = useState(0);
  useEffect(
    () =>
      station.on('run.event', ({ row }) => {
        if (hasEnded(row.state)) askAgain();
      }),
    [askAgain],
  );
  const models = list?.models ?? [];
  const cursor = Math.max(
    0,
    models.findIndex(({ version }) => version === chosen),
  );
  const model = models[cursor];
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        <h1>{words.title}</h1>
        <p className={styles['quiet']}>{words.explain}</p>
        {error !== undefined && <ErrorLine error={error} />}
      </header>
      <div className={styles['list']}>
        {models.length > 0 && (
          <RowGrid
            label={words.list}
            columns={modelColumns}
            count={models.length}
            row={(index) => models[index]}
            rowKey={({ version }) => version}
            cursor={cursor}
            onCursor={(index) => setChosen(models[index]?.version)}
            loading=""
          />
        )}
        {list?.models.length === 0 && <p className={styles['quiet']}>{words.noModels}</p>}
      </div>
      {list !== undefined && model !== undefined && (
        <ModelView
          key={model.version}
          list={list}
          model={model}
          round={round}
          onChanged={() => {
            askAgain();
            setRound((before) => before + 1);
          }}
        />
      )}
    </div>
  );
}
