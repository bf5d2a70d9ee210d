/** Labelled images with what a classifier says of them. */
export type ScoredCases = {
  readonly classCount: number;
  /** Class of each image, from 0. */
  readonly labels: Int32Array;
  /** Number of each image's patient, from 0. */
  readonly patients: Int32Array;
  /** `[images, classes]`, row-major; each row sums to 1. */
  readonly scores: Float64Array;
};

/** The class of the highest score of each image; of equal ones the first. */
export function predictClasses({ classCount, labels, scores }: ScoredCases): Int32Array {
  return labels.map((_, i) => {
    let best = 0;
    for (let c = 1; c < classCount; c += 1)
      if ((scores[i * classCount + c] ?? 0) > (scores[i * classCount + best] ?? 0)) best = c;
    return best;
  });
}

/** Scores of one class. */
export function scoresOf({ classCount, labels, scores }: ScoredCases, one: number): Float64Array {
  return Float64Array.from(labels, (_, i) => scores[i * classCount + one] ?? 0);
}
