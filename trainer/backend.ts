/** A named tensor's place in a model, in the canonical layout of checkpoints and exports. */
export type ParameterDescription = {
  /** torchvision's name, for example `layer1.0.conv1.weight`. */
  readonly name: string;
  /** `[out, in, kernel, kernel]` for a convolution, `[out, in]` for a linear layer, `[channels]` else. */
  readonly shape: readonly number[];
};

/** One step's input. Images are `[batch, 3, side, side]`, row-major float32, already normalised. */
export type Batch = {
  readonly view1: Float32Array;
  readonly view2: Float32Array;
  /** SimSiam: positives `[batch, batch]`, 1 or 0, diagonal 1. MoCo: `[batch, queueLength]`. */
  readonly positives: Float32Array;
  /** MoCo: keys of view 2 `[batch, dimension]`, L2-normalised, and the queue `[queueLength, dimension]`. */
  readonly keys?: Float32Array;
  readonly queue?: Float32Array;
  /** MoCo: 1 for each slot of the queue that holds no key yet. */
  readonly emptySlots?: Uint8Array;
};

/** One compiled training step: forward, loss and gradients in a single run over plain arrays. */
export interface TrainEngine {
  readonly kind: string;
  /** Changed in place by the optimiser between steps; canonical layout, canonical names. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Batch norm's running mean and variance, updated by `step`. */
  readonly statistics: ReadonlyMap<string, Float32Array>;
  /** Gradients have the names and layouts of `weights`; the arrays are reused by the next step. */
  step(batch: Batch): Promise<{
    readonly loss: number;
    readonly gradients: ReadonlyMap<string, Float32Array>;
    /** Backbone or projector embeddings of view 1 `[batch, dimension]`, to watch for collapse. */
    readonly embeddings: Float32Array;
  }>;
  /** Forward only, batch statistics as in training; `[batch, dimension]` projections (MoCo's keys). */
  project(images: Float32Array, weights?: ReadonlyMap<string, Float32Array>): Promise<Float32Array>;
  /** Releases native memory. */
  close(): Promise<void>;
}
