import type { ParameterDescription, StepInput, StepResult, TrainEngine } from '../backend.ts';

type Statistics = ReadonlyMap<string, Float32Array>;

/** Builds the engine again over the same weights, with these running statistics. */
export type BuildAgain = (statistics: Statistics) => Promise<TrainEngine>;

/**
 * An engine whose native memory can be given back while nothing is computed; the next step builds it again. Weights
 * and running statistics live outside the native part, so that the numbers are those of an engine never released.
 */
export class ReleasableEngine implements TrainEngine {
  readonly kind: string;
  readonly parameters: readonly ParameterDescription[];
  readonly weights: ReadonlyMap<string, Float32Array>;
  #statistics: Statistics;
  #engine: TrainEngine | undefined;
  readonly #buildAgain: BuildAgain;

  constructor(engine: TrainEngine, buildAgain: BuildAgain) {
    this.kind = engine.kind;
    this.parameters = engine.parameters;
    this.weights = engine.weights;
    this.#statistics = engine.statistics;
    this.#engine = engine;
    this.#buildAgain = buildAgain;
  }

  get statistics(): Statistics {
    return this.#statistics;
  }

  async step(input: StepInput): Promise<StepResult> {
    return (await this.#have()).step(input);
  }

  async project(images: Float32Array, weights?: Statistics): Promise<Float32Array> {
    return (await this.#have()).project(images, weights);
  }

  /** Gives native memory back until the next step. No step may be going on. */
  async release(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await engine?.close();
  }

  close(): Promise<void> {
    return this.release();
  }

  async #have(): Promise<TrainEngine> {
    if (this.#engine === undefined) {
      this.#engine = await this.#buildAgain(this.#statistics);
      this.#statistics = this.#engine.statistics;
    }
    return this.#engine;
  }
}
