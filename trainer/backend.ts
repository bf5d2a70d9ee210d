import type { PresetHead } from '../shared/training/preset.ts';
import type { EncoderName } from '../shared/training/run-configuration.ts';

/** A named tensor's place in a model, in the canonical layout of checkpoints and exports. */
export type ParameterDescription = {
  /** torchvision's name, for example `layer1.0.conv1.weight`. */
  readonly name: string;
  /** `[out, in, kernel, kernel]` for a convolution, `[out, in]` for a linear layer, `[channels]` else. */
  readonly shape: readonly number[];
};

/** An encoder that can be built: those that a run may ask for, and a small one for tests alone. */
export type ModelEncoder = EncoderName | 'vit-tiny-test';

/** Encoder and heads; the heads' first length is that of the encoder's features. */
export type ModelDescription = {
  readonly encoder: ModelEncoder;
  /**
   * Of each stage (of a transformer: altogether) the first so many blocks, for checks of an engine; all where absent.
   * From the second on the blocks of a stage are alike in every shape.
   */
  readonly mostBlocks?: number;
  /** Pixels; multiples of 32. */
  readonly imageHeight: number;
  readonly imageWidth: number;
  /** Behind the encoder: `projector.<place>`. For the loss over classes its output is the logits. */
  readonly projector: PresetHead;
  /** Behind the projector: `predictor.<place>`. BYOL and SimSiam only. */
  readonly predictor?: PresetHead;
};

/** What a step minimises; formulas in mcgip section 8. `classes`: cross-entropy, for fine-tuning. */
export type LossDescription =
  | { readonly kind: 'moco'; readonly temperature: number; readonly queueLength: number }
  | { readonly kind: 'simsiam' }
  | { readonly kind: 'byol' }
  | { readonly kind: 'simclr'; readonly temperature: number }
  | { readonly kind: 'classes' };

/** A training step of static shape. */
export type StepDescription = {
  readonly model: ModelDescription;
  readonly loss: LossDescription;
  readonly batchImages: number;
};

/**
 * One step's input by its loss, n images, projections of length d. Images are `[n, 3, height, width]`, row-major,
 * already normalised; positives are 1 or 0.
 */
export type StepInput =
  | {
      readonly kind: 'moco';
      readonly view1: Float32Array;
      /** Of view 2 `[n, d]`, rows of length 1. */
      readonly keys: Float32Array;
      /** `[queueLength, d]`. */
      readonly queue: Float32Array;
      /** `[n, queueLength]`. */
      readonly positives: Float32Array;
      /** `[n, queueLength]`, 1 where the slot takes no part for this row. */
      readonly masked: Uint8Array;
    }
  | {
      readonly kind: 'simsiam';
      readonly view1: Float32Array;
      readonly view2: Float32Array;
      /** `[n, n]`, diagonal 1. */
      readonly positives: Float32Array;
    }
  | {
      readonly kind: 'byol';
      readonly view1: Float32Array;
      readonly view2: Float32Array;
      /** The target encoder's projections of the two views `[n, d]`, rows of length 1. */
      readonly target1: Float32Array;
      readonly target2: Float32Array;
      /** `[n, n]`, diagonal 1. */
      readonly positives: Float32Array;
    }
  | {
      readonly kind: 'simclr';
      readonly view1: Float32Array;
      readonly view2: Float32Array;
      /** `[2 n, 2 n]`, view 1 above view 2, diagonal 0. */
      readonly positives: Float32Array;
    }
  | {
      readonly kind: 'classes';
      readonly view1: Float32Array;
      /** Shares of the classes `[n, classes]`, rows of sum 1. */
      readonly targets: Float32Array;
    };

/** What a step gave; the arrays are reused by the next step. */
export type StepResult = {
  readonly loss: number;
  /** Names and layouts of `weights`. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** Unit projections of view 1 `[n, d]`, to watch for collapse; the logits for the loss over classes. */
  readonly embeddings: Float32Array;
};

/** One compiled training step: forward, loss and gradients in a single run over plain arrays. */
export interface TrainEngine {
  /** The engine's name in words, for the run's record. */
  readonly kind: string;
  readonly parameters: readonly ParameterDescription[];
  /** Changed in place by the optimiser between steps; canonical layout, canonical names. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Batch norm's running mean and variance, updated by `step`. */
  readonly statistics: ReadonlyMap<string, Float32Array>;
  /** Throws where the input is of another loss than the engine was built for. */
  step(input: StepInput): Promise<StepResult>;
  /**
   * Forward only, batch statistics as in training: unit projections `[n, d]` (MoCo's keys, BYOL's targets), of the
   * engine's own weights or of others.
   */
  project(images: Float32Array, weights?: ReadonlyMap<string, Float32Array>): Promise<Float32Array>;
  /** Releases native memory. */
  close(): Promise<void>;
}

/** A step to be compiled. `threads`: of one operator. */
export type ThreadedStep = StepDescription & { readonly threads: number };

/** What an engine begins with; running statistics to go on from are new where absent. */
export type EngineState = {
  /** Master copy, canonical names and layouts; the engine reads and never writes it. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly statistics?: ReadonlyMap<string, Float32Array>;
};

/** An engine with its weights. */
export type EngineDescription = ThreadedStep & EngineState;

/** A step that is compiled but has no weights yet: both take seconds, so that neither waits for the other. */
export interface CompiledStep {
  /** Makes the engine of it, once; the engine then owns the native memory. */
  begin(state: EngineState): Promise<TrainEngine>;
  /** Releases the native memory of a step that was not begun. */
  close(): Promise<void>;
}

/** An encoder for use: batch norm by its running statistics, no heads. */
export interface Embedder {
  /** Images `[n, 3, height, width]` -> features `[n, featureLength]`. */
  embed(images: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

export type EmbedderDescription = Pick<
  ModelDescription,
  'encoder' | 'imageHeight' | 'imageWidth'
> & {
  readonly threads: number;
  /** Weights and running statistics by torchvision's names; those of heads are ignored. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly statistics: ReadonlyMap<string, Float32Array>;
};
