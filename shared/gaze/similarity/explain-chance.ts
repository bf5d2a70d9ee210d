/**
 * Share of chance scores that lie in a lower part of [0, 1] than `value`, from their counts over equal parts:
 * never more than the true share of lower scores, and less by at most one part's. Undefined without scores.
 */
export function percentileOf(counts: readonly number[], value: number): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const own = Math.min(counts.length - 1, Math.max(0, Math.floor(value * counts.length)));
  let below = 0;
  for (let i = 0; i < own; i += 1) below += counts[i] ?? 0;
  return below / total;
}
