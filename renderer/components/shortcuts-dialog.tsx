import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { messages } from '../messages/en.ts';
import { DialogButtons, PageDialog } from './page-dialog.tsx';
import styles from './shortcuts-dialog.module.css';

const words = messages.shell.shortcuts;

/** The keys of the pages with a bar; reading and replay show their own. */
export function ShortcutsDialog({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <PageDialog title={words.title} isOpen={isOpen} onClose={onClose}>
      <table className={styles['keys']}>
        <tbody>
          {words.rows.map(([keys, meaning]) => (
            <tr key={keys}>
              <th scope="row">{keys}</th>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <DialogButtons>
        <Button autoFocus onPress={onClose}>
          {messages.shell.close}
        </Button>
      </DialogButtons>
    </PageDialog>
  );
}
