import type { PairRow } from '../../shared/ipc/answers.ts';

/**
 * Where the cursor goes after a verdict: the next pair without one, wherever that is not yet known the first
 * row that has not come; stays where no pair after it is without a verdict. Where only pairs to judge are listed
 * the judged one leaves the list and the next takes its place.
 */
export function nextToJudge(
  cursor: number,
  total: number,
  row: (index: number) => Pick<PairRow, 'verdict'> | undefined,
  onlyToJudge: boolean,
): number {
  if (onlyToJudge) return Math.max(0, Math.min(cursor, total - 2));
  for (let index = cursor + 1; index < total; index += 1) {
    const found = row(index);
    if (found === undefined || found.verdict === null) return index;
  }
  return cursor;
}
