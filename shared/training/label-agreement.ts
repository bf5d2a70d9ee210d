import { z } from 'zod';

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** A figure with its 95 % interval. */
export type Interval = Readonly<z.infer<typeof interval>>;

/** Whether pairs that were looked at alike have the same label, as it is reported and stored; finite numbers. */
export const labelAgreement = z.object({
  pairs: z.number().int(),
  /** Share of all pairs whose cases have the same label. */
  base: z.number(),
  /** Share of same labels among the most alike pairs, over `base`: 1 is chance. Interval over cases. */
  lift: interval,
  /** Probability that a pair of same labels is more alike than one of different labels: 0.5 is chance. */
  auc: interval,
  /** The same two figures with the labels shuffled among the cases: mean, and where 95 % of the shuffles lie. */
  controlLift: interval,
  controlAuc: interval,
  /** Share of shuffles with an AUC at least as high, (1 + b) / (1 + n). */
  pValue: z.number(),
});
export type LabelAgreement = Readonly<z.infer<typeof labelAgreement>>;

/** What an agreement says: `more` or `less` often than shuffled labels, beyond 95 % of the shuffles, or neither. */
export function judgeAgreement({
  auc,
  controlAuc,
}: LabelAgreement): 'more' | 'less' | 'as-by-chance' {
  if (auc.value > controlAuc.high && auc.low > 0.5) return 'more';
  if (auc.value < controlAuc.low && auc.high < 0.5) return 'less';
  return 'as-by-chance';
}
