import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ModelDetail } from '../../shared/ipc/model-answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import { station, toStationError } from '../station.ts';
import { usePageStores } from '../store.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { ErrorLine } from './error-line.tsx';
import { ExportEncoderDialog } from './export-encoder-dialog.tsx';
import { keysAreTaken } from './navigation-keys.ts';
import { useKeys } from './use-keys.ts';
import styles from './model-detail.module.css';

const words = messages.models;

type ModelActionsProps = {
  readonly model: ModelDetail;
  /** The model that a roll-back would bring back. */
  readonly rollBackTo: number | null;
  readonly onChanged: () => void;
};

/** Why a model's file cannot be deleted; undefined where it can. */
function wordKept(
  { aliases, version }: ModelDetail,
  rollBackTo: number | null,
): string | undefined {
  const [alias] = aliases;
  if (alias !== undefined) return fill(words.kept.alias, { alias: words.aliases[alias] });
  return version === rollBackTo ? words.kept.rollBack : undefined;
}

/** What can be done with a model's file: export it, begin a run from it, delete it. */
export function ModelActions({ model, rollBackTo, onChanged }: ModelActionsProps): ReactNode {
  const { page } = usePageStores();
  const { version, runId, sha256, encoder, fileState } = model;
  const [opened, setOpened] = useState<'export' | 'delete' | null>(null);
  const [error, setError] = useState<StationError>();
  const isWhole = fileState === 'whole';
  const kept = wordKept(model, rollBackTo);
  const startFrom = (): void =>
    page.set({ kind: 'training', startFrom: { version, runId, sha256, encoder } });
  const close = (): void => setOpened(null);
  const deleteFile = async (): Promise<void> => {
    try {
      await station.ask('model.delete-file', { version });
      setError(undefined);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
    onChanged();
  };
  useKeys((event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || keysAreTaken(event.target)) return;
    if (event.key === 'e' && isWhole) setOpened('export');
    else if (event.key === 'n' && isWhole) startFrom();
    else return;
    event.preventDefault();
  });
  return (
    <>
      <div className={styles['buttons']} data-testid="model-actions">
        <Button isDisabled={!isWhole} onPress={() => setOpened('export')}>
          {words.export.open} <kbd>e</kbd>
        </Button>
        <Button isDisabled={!isWhole} onPress={startFrom}>
          {words.startFrom} <kbd>n</kbd>
        </Button>
        <Button
          data-kind="danger"
          isDisabled={fileState === 'deleted' || kept !== undefined}
          onPress={() => setOpened('delete')}
        >
          {words.deleteFile}
        </Button>
      </div>
      {kept !== undefined && <p className={styles['quiet']}>{kept}</p>}
      {error !== undefined && <ErrorLine error={error} />}
      {opened === 'export' && <ExportEncoderDialog version={version} onClose={close} />}
      <ConfirmDialog
        title={fill(words.deleteTitle, { version: String(version) })}
        explain={words.deleteExplain}
        confirm={words.deleteConfirm}
        keep={words.deleteKeep}
        isOpen={opened === 'delete'}
        onConfirm={() => void deleteFile()}
        onClose={close}
      />
    </>
  );
}
