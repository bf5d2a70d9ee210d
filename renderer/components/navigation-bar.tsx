import type { ReactNode } from 'react';
import { messages } from '../messages/en.ts';
import { type BarPage, barPages } from '../store.ts';
import { keysOf } from './navigation-keys.ts';
import styles from './navigation-bar.module.css';

const words = messages.shell;

/** Pages that only administrators see. */
export const adminPages: ReadonlySet<BarPage> = new Set(['training', 'pairs', 'models', 'export']);

type NavigationBarProps = {
  readonly current: BarPage;
  readonly role: 'reader' | 'admin';
  readonly onGo: (page: BarPage) => void;
  readonly onShortcuts: () => void;
};

/** The bar at the left: pages with their keys. */
export function NavigationBar(props: NavigationBarProps): ReactNode {
  const { current, role, onGo, onShortcuts } = props;
  return (
    <nav className={styles['bar']} aria-label={words.navigation}>
      <div className={styles['product']}>{words.product}</div>
      {barPages
        .filter((page) => role === 'admin' || !adminPages.has(page))
        .map((page) => {
          const { letter, alt } = keysOf(page);
          return (
            <button
              key={page}
              type="button"
              className={styles['page']}
              aria-current={page === current ? 'page' : undefined}
              aria-keyshortcuts={alt}
              data-testid={`go-${page}`}
              onClick={() => onGo(page)}
            >
              <span>{words.pages[page]}</span>
              <span className={styles['keys']} aria-hidden="true">
                <kbd>g</kbd> <kbd>{letter}</kbd>
              </span>
            </button>
          );
        })}
      <button type="button" className={styles['page']} onClick={onShortcuts}>
        <span>{words.shortcuts.open}</span>
        <span className={styles['keys']} aria-hidden="true">
          <kbd>?</kbd>
        </span>
      </button>
    </nav>
  );
}
