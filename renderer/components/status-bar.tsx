import type { ReactNode } from 'react';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { useStationState } from '../store.ts';
import styles from './status-bar.module.css';

const words = messages.shell;

/** The line at the foot of every page with a bar: intended use, display, host, user, version. */
export function StatusBar(): ReactNode {
  const { host, user, version } = useStationState();
  return (
    <footer className={styles['bar']}>
      <strong>{words.researchUse}</strong>
      <span>{words.notPrimaryDisplay}</span>
      {host === 'chromium' && <span>{words.hostChromium}</span>}
      <span className={styles['right']}>
        {fill(words.user, { name: user.name, role: words.roles[user.role] })}
      </span>
      <span>{fill(words.version, { version })}</span>
    </footer>
  );
}
