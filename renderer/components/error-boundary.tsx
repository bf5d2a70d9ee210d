import { Component, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { messages } from '../messages/en.ts';
import { toStationError } from '../station.ts';
import { ErrorLine } from './error-line.tsx';
import styles from './error-boundary.module.css';

type Props = {
  readonly children: ReactNode;
  /** Leaves what broke. */
  readonly onLeave: () => void;
};

/** Holds the failure of one page, so that the rest of the window lives on. */
export class ErrorBoundary extends Component<Props, { readonly thrown: unknown }> {
  override state: { readonly thrown: unknown } = { thrown: undefined };

  static getDerivedStateFromError(thrown: unknown): { readonly thrown: unknown } {
    return { thrown };
  }

  override render(): ReactNode {
    if (this.state.thrown === undefined) return this.props.children;
    const leave = (): void => {
      this.setState({ thrown: undefined });
      this.props.onLeave();
    };
    return (
      <section className={styles['failed']}>
        <h1>{messages.shell.pageFailed}</h1>
        <ErrorLine error={toStationError(this.state.thrown)} />
        <Button autoFocus onPress={leave}>
          {messages.shell.backToWorklist}
        </Button>
      </section>
    );
  }
}
