import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import styles from './page-dialog.module.css';

type PageDialogProps = {
  readonly title: string;
  readonly isOpen: boolean;
  /** Undefined: the dialog must be answered; Escape does not close it. */
  readonly onClose?: () => void;
  /** A question that something depends on. */
  readonly alert?: boolean;
  /** Room for a table. */
  readonly wide?: boolean;
  readonly children: ReactNode;
};

/** A dialog above the page; focus stays inside it and goes back afterwards. */
export function PageDialog({
  title,
  isOpen,
  onClose,
  alert = false,
  wide = false,
  children,
}: PageDialogProps): ReactNode {
  return (
    <ModalOverlay
      className={styles['overlay'] ?? ''}
      isOpen={isOpen}
      isKeyboardDismissDisabled={onClose === undefined}
      onOpenChange={(open) => {
        if (!open) onClose?.();
      }}
    >
      <Modal className={`${styles['modal'] ?? ''} ${wide ? (styles['wide'] ?? '') : ''}`}>
        <Dialog className={styles['dialog'] ?? ''} role={alert ? 'alertdialog' : 'dialog'}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** The row of buttons at a dialog's foot. */
export function DialogButtons({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles['buttons']}>{children}</div>;
}
