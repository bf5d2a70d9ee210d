import type { ReactNode } from 'react';
import { judgeAgreement, type LabelAgreement } from '../../shared/training/label-agreement.ts';
import { fill } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import styles from './agreement-note.module.css';

const words = messages.agreement;
const two = (value: number): string => value.toFixed(2);

/** Whether pairs that were looked at alike share their assessment, beside shuffled ones; good or bad. */
export function AgreementNote({
  agreement,
}: {
  readonly agreement: LabelAgreement | null;
}): ReactNode {
  if (agreement === null) return <p className={styles['note']}>{words.none}</p>;
  const { auc, controlAuc, lift, controlLift, pValue, pairs, base } = agreement;
  return (
    <p className={styles['note']} data-testid="agreement">
      <strong>{words[judgeAgreement(agreement)]}</strong>{' '}
      {fill(words.figures, {
        auc: two(auc.value),
        aucLow: two(auc.low),
        aucHigh: two(auc.high),
        control: two(controlAuc.value),
        controlLow: two(controlAuc.low),
        controlHigh: two(controlAuc.high),
        p: pValue.toFixed(4),
        lift: two(lift.value),
        liftLow: two(lift.low),
        liftHigh: two(lift.high),
        controlLift: two(controlLift.value),
        n: pairs,
        base: (100 * base).toFixed(0),
      })}
    </p>
  );
}
