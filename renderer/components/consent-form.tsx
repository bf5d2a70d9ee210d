import type { ReactNode } from 'react';
import { messages } from '../messages/en.ts';
import { TickBox } from './tick-box.tsx';
import styles from './consent-form.module.css';

const words = messages.welcome;
const purposes = ['record', 'train', 'export'] as const;

/** Purposes that a reader ticks; nothing is ticked beforehand. */
export type ConsentChoice = {
  readonly record: boolean;
  readonly train: boolean;
  readonly export: boolean;
};

/** `choice` after one tick: without recording there is nothing to train on or to export. */
export function tickConsent(
  choice: ConsentChoice,
  purpose: (typeof purposes)[number],
  ticked: boolean,
): ConsentChoice {
  const next = { ...choice, [purpose]: ticked };
  return next.record ? next : { record: false, train: false, export: false };
}

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
