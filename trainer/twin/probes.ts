/** How frozen features are judged. The first is the figure that a twin run is decided by; chosen beforehand. */
export const probeNames = ['linear-probe', 'k-nn'] as const;
export type ProbeName = (typeof probeNames)[number];

/** Features of labelled images; labels are places in the list of labels. */
export type LabelledFeatures = {
  readonly features: readonly Float32Array[];
  readonly labels: readonly number[];
};

/** Scores `[image][label]` of test images; they sum to 1. */
export type Scores = readonly (readonly number[])[];

/** Neighbours that vote, at most; and the temperature of their votes (Wu et al. 2018). */
const neighbours = 10;
const voteTemperature = 0.07;

/** Weight decay of the linear probe, and its steps of plain gradient descent with momentum over all images. */
const probeDecay = 1e-2;
const probeSteps = 300;
const probeRate = 0.5;
const probeMomentum = 0.9;

const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};

function unit(values: Float32Array): Float32Array {
  const length = Math.sqrt(dot(values, values)) + 1e-12;
  return values.map((value) => value / length);
}

/** Each feature less its mean over the training images, over its deviation there. */
function standardise(
  train: readonly Float32Array[],
  test: readonly Float32Array[],
): readonly [Float32Array[], Float32Array[]] {
  const length = train[0]?.length ?? 0;
  const mean = new Float64Array(length);
  const deviation = new Float64Array(length);
  for (const row of train)
    for (let k = 0; k < length; k += 1) mean[k] = (mean[k] ?? 0) + (row[k] ?? 0) / train.length;
  for (const row of train)
    for (let k = 0; k < length; k += 1)
      deviation[k] = (deviation[k] ?? 0) + ((row[k] ?? 0) - (mean[k] ?? 0)) ** 2 / train.length;
  const scale = (row: Float32Array): Float32Array =>
    row.map((value, k) => (value - (mean[k] ?? 0)) / Math.sqrt((deviation[k] ?? 0) + 1e-8));
  return [train.map(scale), test.map(scale)];
}

function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const raised = logits.map((logit) => Math.exp(logit - top));
  const sum = raised.reduce((all, each) => all + each, 0);
  return raised.map((each) => each / sum);
}

/**
 * Cosine neighbours of standardised features; each of the nearest votes for its label with exp(cosine / 0.07), so
 * that a test image's scores are the shares of votes.
 */
export function judgeByNeighbours(
  train: LabelledFeatures,
  test: readonly Float32Array[],
  labels: number,
): Scores {
  const [own, others] = standardise(train.features, test).map((rows) => rows.map(unit));
  return (others ?? []).map((row) => {
    const near = (own ?? [])
      .map((other, i) => ({ cosine: dot(row, other), label: train.labels[i] ?? 0 }))
      .toSorted((a, b) => b.cosine - a.cosine)
      .slice(0, neighbours);
    const votes = Array.from({ length: labels }, () => 0);
    for (const { cosine, label } of near)
      votes[label] = (votes[label] ?? 0) + Math.exp((cosine - 1) / voteTemperature);
    const sum = votes.reduce((all, each) => all + each, 0);
    return votes.map((vote) => vote / sum);
  });
}

/**
 * Multinomial logistic regression with weight decay on standardised features, labels weighted so that each counts
 * the same, from zero weights: nothing in it is random.
 */
export function judgeByLine(
  train: LabelledFeatures,
  test: readonly Float32Array[],
  labels: number,
): Scores {
  const [own, others] = standardise(train.features, test);
  const length = own[0]?.length ?? 0;
  // One bias behind the weights of each label; features over the root of their number, so that rates fit any length.
  const root = Math.sqrt(length);
  const lines = Array.from({ length: labels }, () => new Float32Array(length));
  const biases = new Float64Array(labels);
  const moved = lines.map((line) => new Float32Array(line.length));
  const movedBias = new Float64Array(labels);
  const counts = Array.from({ length: labels }, () => 0);
  for (const label of train.labels) counts[label] = (counts[label] ?? 0) + 1;
  const present = counts.filter((count) => count > 0).length;
  const score = (row: Float32Array): number[] =>
    softmax(lines.map((line, c) => dot(line, row) / root + (biases[c] ?? 0)));
  for (let step = 0; step < probeSteps; step += 1) {
    const gradients = lines.map((line) => line.map((value) => probeDecay * value));
    const biasGradients = new Float64Array(labels);
    for (const [i, row] of own.entries()) {
      const label = train.labels[i] ?? 0;
      const weight = 1 / (present * (counts[label] ?? 1));
      for (const [c, p] of score(row).entries()) {
        const pull = weight * (p - Number(c === label));
        const gradient = gradients[c];
        biasGradients[c] = (biasGradients[c] ?? 0) + pull;
        if (gradient === undefined) continue;
        for (let k = 0; k < length; k += 1)
          gradient[k] = (gradient[k] ?? 0) + (pull * (row[k] ?? 0)) / root;
      }
    }
    for (const [c, line] of lines.entries()) {
      movedBias[c] = probeMomentum * (movedBias[c] ?? 0) + (biasGradients[c] ?? 0);
      biases[c] = (biases[c] ?? 0) - probeRate * (movedBias[c] ?? 0);
      const [gradient, buffer] = [gradients[c], moved[c]];
      if (gradient === undefined || buffer === undefined) continue;
      for (let k = 0; k < length; k += 1) {
        buffer[k] = probeMomentum * (buffer[k] ?? 0) + (gradient[k] ?? 0);
        line[k] = (line[k] ?? 0) - probeRate * (buffer[k] ?? 0);
      }
    }
  }
  return others.map(score);
}
