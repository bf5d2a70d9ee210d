/**
 * Mean standard deviation of unit embeddings `[batch, dimension]` over the batch, times sqrt(dimension):
 * about 1 where they point everywhere, near 0 where all are alike (Chen and He 2021, 4.1).
 */
export function embeddingSpread(embeddings: Float32Array, batch: number): number {
  const dimension = embeddings.length / batch;
  let sum = 0;
  for (let k = 0; k < dimension; k += 1) {
    let mean = 0;
    for (let i = 0; i < batch; i += 1) mean += (embeddings[i * dimension + k] ?? 0) / batch;
    let variance = 0;
    for (let i = 0; i < batch; i += 1)
      variance += ((embeddings[i * dimension + k] ?? 0) - mean) ** 2 / batch;
    sum += Math.sqrt(variance);
  }
  return (sum / dimension) * Math.sqrt(dimension);
}
