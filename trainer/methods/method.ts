import type { StepResult, TrainEngine } from '../backend.ts';

/** Two augmented views of a batch, each `[batch, 3, side, side]`. */
export type ViewPair = {
  /** Ids of the batch's images, in the order of the views. */
  readonly imageIds: readonly number[];
  readonly view1: Float32Array;
  readonly view2: Float32Array;
};

/** Whether two different images were looked at alike, by their ids; never by a position in a list. */
export type AreAlike = (imageA: number, imageB: number) => boolean;

/** A contrastive method: prepares a step's input around an engine and keeps what lives between steps. */
export interface Method {
  readonly name: string;
  /** Loss and gradients of a batch; the optimiser changes `engine.weights` afterwards. */
  step(engine: TrainEngine, views: ViewPair, alike: AreAlike): Promise<StepResult>;
  /** After an iteration and, where it completed one, the optimiser's step: BYOL's target follows. */
  afterIteration?(iteration: number, stepped: boolean): void;
  /** Arrays that a checkpoint must hold, by name; the method goes on changing them. */
  readonly state: ReadonlyMap<string, Float32Array>;
  /** Ids of the images in the queue, slot by slot; 0: empty. Empty for methods without a queue. */
  readonly queueIds: readonly number[];
}
