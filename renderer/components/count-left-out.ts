import type { ExportResult } from '../../shared/ipc/answers.ts';

/** Readings left out, counted by reason, in the order of the catalogue. */
export function countLeftOut(leftOut: ExportResult['leftOut']): readonly {
  readonly reason: ExportResult['leftOut'][number]['reason'];
  readonly count: number;
}[] {
  return (['no-consent', 'simulated', 'no-gaze'] as const)
    .map((reason) => ({ reason, count: leftOut.filter((left) => left.reason === reason).length }))
    .filter(({ count }) => count > 0);
}
