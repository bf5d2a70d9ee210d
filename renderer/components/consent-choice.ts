/** What consent is asked for, each by itself. */
export const purposes = ['record', 'train', 'export'] as const;

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
