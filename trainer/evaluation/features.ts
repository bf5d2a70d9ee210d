/** Embeddings of labelled images. */
export type LabelledFeatures = {
  readonly classCount: number;
  readonly length: number;
  /** `[images, length]`, row-major. */
  readonly features: Float32Array;
  readonly labels: Int32Array;
  /** Number of each image's patient, from 0. */
  readonly patients: Int32Array;
};

/** One list after the other; both from encoders of one length. */
export function joinFeatures(a: LabelledFeatures, b: LabelledFeatures): LabelledFeatures {
  if (a.length !== b.length || a.classCount !== b.classCount)
    throw new Error('Features of different encoders cannot be joined.');
  const features = new Float32Array(a.features.length + b.features.length);
  features.set(a.features);
  features.set(b.features, a.features.length);
  return {
    ...a,
    features,
    labels: Int32Array.of(...a.labels, ...b.labels),
    patients: Int32Array.of(...a.patients, ...b.patients),
  };
}

/** Rows divided by their Euclidean length; a row of zeros stays. */
export function normaliseRows({ features, length }: LabelledFeatures): Float64Array {
  const rows = Float64Array.from(features);
  for (let from = 0; from < rows.length; from += length) {
    const row = rows.subarray(from, from + length);
    const norm = Math.sqrt(row.reduce((sum, each) => sum + each * each, 0));
    if (norm > 0) for (const [i, each] of row.entries()) row[i] = each / norm;
  }
  return rows;
}

/** Mean and standard deviation of each feature; a constant one has deviation 1. */
export function describeColumns({ features, length, labels }: LabelledFeatures): {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
} {
  const means = new Float64Array(length);
  const squares = new Float64Array(length);
  const count = labels.length;
  for (const [i, value] of features.entries())
    means[i % length] = (means[i % length] ?? 0) + value / count;
  for (const [i, value] of features.entries())
    squares[i % length] = (squares[i % length] ?? 0) + (value - (means[i % length] ?? 0)) ** 2;
  const deviations = squares.map((square) => Math.sqrt(square / count) || 1);
  return { means, deviations };
}
