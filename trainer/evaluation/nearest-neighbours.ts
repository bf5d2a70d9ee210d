import { type LabelledFeatures, normaliseRows } from './features.ts';

/** Temperature of the votes as in the usual protocol (Wu et al. 2018; DINO). */
export const voteTemperature = 0.07;

/** Numbers of neighbours to choose from. */
export const neighbourCandidates: readonly number[] = [1, 3, 5, 10, 20, 50, 100, 200];

function nearest(similarities: Float64Array, most: number): Int32Array {
  return Int32Array.from(similarities.keys())
    .sort((a, b) => (similarities[b] ?? 0) - (similarities[a] ?? 0) || a - b)
    .subarray(0, most);
}

/**
 * Scores by weighted k nearest neighbours: each of the k known images most alike by cosine votes for its class
 * with exp(cosine / temperature). Answers `[images, classes]` for every k; rows sum to 1. Of equally near
 * neighbours the earlier counts.
 */
export function voteNearest(
  known: LabelledFeatures,
  asked: LabelledFeatures,
  neighbours: readonly number[],
): readonly Float64Array[] {
  const { classCount, length } = known;
  const [rows, others] = [normaliseRows(known), normaliseRows(asked)];
  const scores = neighbours.map(() => new Float64Array(asked.labels.length * classCount));
  const similarities = new Float64Array(known.labels.length);
  for (let q = 0; q < asked.labels.length; q += 1) {
    for (let i = 0; i < similarities.length; i += 1) {
      let sum = 0;
      for (let d = 0; d < length; d += 1)
        sum += (rows[i * length + d] ?? 0) * (others[q * length + d] ?? 0);
      similarities[i] = sum;
    }
    const ranked = nearest(similarities, Math.max(...neighbours));
    const highest = similarities[ranked[0] ?? 0] ?? 0;
    for (const [choice, k] of neighbours.entries()) {
      const row = scores[choice]?.subarray(q * classCount, (q + 1) * classCount);
      if (row === undefined) continue;
      let total = 0;
      for (const i of ranked.subarray(0, k)) {
        const weight = Math.exp(((similarities[i] ?? 0) - highest) / voteTemperature);
        const label = known.labels[i] ?? 0;
        row[label] = (row[label] ?? 0) + weight;
        total += weight;
      }
      for (const [c, votes] of row.entries()) row[c] = votes / total;
    }
  }
  return scores;
}
