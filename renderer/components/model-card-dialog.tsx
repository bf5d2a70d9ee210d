import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { ErrorLine } from './error-line.tsx';
import { DialogButtons, PageDialog } from './page-dialog.tsx';
import { useRequest } from './use-request.ts';
import styles from './model-detail.module.css';

const words = messages.models;

/** Has the browser save a text as a file. */
function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/markdown' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** The card of a model as it is written now, to read and to save. */
export function ModelCardDialog({
  version,
  onClose,
}: {
  readonly version: number;
  readonly onClose: () => void;
}): ReactNode {
  const { value: card, error } = useRequest('model.card', { version });
  return (
    <PageDialog
      wide
      isOpen
      title={fill(words.cardTitle, { version: String(version) })}
      onClose={onClose}
    >
      {error !== undefined && <ErrorLine error={error} />}
      {card !== undefined && (
        <>
          <pre className={styles['card']} tabIndex={0} data-testid="model-card">
            {card.text}
          </pre>
          <p className={styles['quiet']}>{fill(words.cardFile, { file: card.file })}</p>
        </>
      )}
      <DialogButtons>
        <Button
          isDisabled={card === undefined}
          onPress={() => {
            if (card !== undefined) save(`model-${version}.md`, card.text);
          }}
        >
          {words.download}
        </Button>
        <Button autoFocus onPress={onClose}>
          {messages.shell.close}
        </Button>
      </DialogButtons>
    </PageDialog>
  );
}
