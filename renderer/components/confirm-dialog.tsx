import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { DialogButtons, PageDialog } from './page-dialog.tsx';

type ConfirmDialogProps = {
  readonly title: string;
  readonly explain: string;
  readonly confirm: string;
  readonly keep: string;
  readonly isOpen: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
};

/** Asks before something that cannot be undone; the focus starts on the safe answer. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const { title, explain, confirm, keep, isOpen, onConfirm, onClose } = props;
  return (
    <PageDialog alert title={title} isOpen={isOpen} onClose={onClose}>
      <p>{explain}</p>
      <DialogButtons>
        <Button autoFocus onPress={onClose}>
          {keep}
        </Button>
        <Button
          data-kind="danger"
          onPress={() => {
            onClose();
            onConfirm();
          }}
        >
          {confirm}
        </Button>
      </DialogButtons>
    </PageDialog>
  );
}
