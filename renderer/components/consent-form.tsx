import type { ReactNode } from 'react';
import { messages } from '../messages/en.ts';
import { type ConsentChoice, purposes, tickConsent } from './consent-choice.ts';
import { TickBox } from './tick-box.tsx';
import styles from './consent-form.module.css';

const words = messages.welcome;

/** The three purposes with their meaning. */
export function ConsentForm({
  choice,
  onChange,
}: {
  readonly choice: ConsentChoice;
  readonly onChange: (choice: ConsentChoice) => void;
}): ReactNode {
  return (
    <div className={styles['purposes']}>
      {purposes.map((purpose) => (
        <TickBox
          key={purpose}
          isSelected={choice[purpose]}
          isDisabled={purpose !== 'record' && !choice.record}
          onChange={(ticked) => onChange(tickConsent(choice, purpose, ticked))}
        >
          <strong>{words[purpose].name}</strong>
          <span className={styles['explain']}>{words[purpose].explain}</span>
        </TickBox>
      ))}
      <p className={styles['needs']}>{words.needsRecord}</p>
    </div>
  );
}
