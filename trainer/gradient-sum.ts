import { type RealArray, zerosLike } from './real-array.ts';

const counterName = 'count';

// A function of its own, so that V8 compiles the loop as a whole (trainer/optimizers.ts).
function addShare(total: RealArray, values: RealArray, parts: number): void {
  for (let i = 0; i < total.length; i += 1) total[i] = (total[i] ?? 0) + (values[i] ?? 0) / parts;
}

/**
 * Gradient accumulation (mcgip section 8): each loss counts 1 / `accumulation`, and the optimiser steps once every
 * `accumulation` iterations, also across the end of an epoch. `state` of an earlier run continues it.
 */
export class GradientSum<Values extends RealArray = Float32Array> {
  readonly #accumulation: number;
  #sum: Map<string, Values>;
  #count: number;

  /** Throws where `accumulation` is not a whole number from 1. */
  constructor(accumulation: number, state: ReadonlyMap<string, Values> = new Map()) {
    if (!Number.isInteger(accumulation) || accumulation < 1)
      throw new Error('Gradients are accumulated over a whole number of iterations, at least 1.');
    this.#accumulation = accumulation;
    this.#count = state.get(counterName)?.[0] ?? 0;
    this.#sum = new Map(
      [...state].filter(([name]) => name.startsWith('d.')).map(([name, it]) => [name.slice(2), it]),
    );
  }

  /** What a checkpoint must hold: `d.<weight>` and `count`; empty between two steps of the optimiser. */
  get state(): ReadonlyMap<string, Values> {
    const found = new Map([...this.#sum].map(([name, values]) => [`d.${name}`, values]));
    const [first] = this.#sum.values();
    if (first === undefined) return found;
    const count = zerosLike(first, 1);
    count[0] = this.#count;
    return found.set(counterName, count);
  }

  /** The gradients of a step where these complete it, otherwise undefined. */
  add(gradients: ReadonlyMap<string, Values>): ReadonlyMap<string, Values> | undefined {
    if (this.#accumulation === 1) return gradients;
    for (const [name, values] of gradients) {
      const known = this.#sum.get(name) ?? zerosLike(values);
      this.#sum.set(name, known);
      addShare(known, values, this.#accumulation);
    }
    this.#count += 1;
    if (this.#count < this.#accumulation) return undefined;
    const whole = this.#sum;
    this.#sum = new Map();
    this.#count = 0;
    return whole;
  }
}
