import { type RealArray, zerosLike } from './real-array.ts';

/**
 * Gradient accumulation (mcgip section 8): each loss counts 1 / `accumulation`, and the optimiser steps once every
 * `accumulation` iterations, also across the end of an epoch.
 */
export class GradientSum<Values extends RealArray = Float32Array> {
  readonly #accumulation: number;
  #sum = new Map<string, Values>();
  #count = 0;

  /** Throws where `accumulation` is not a whole number from 1. */
  constructor(accumulation: number) {
    if (!Number.isInteger(accumulation) || accumulation < 1)
      throw new Error('Gradients are accumulated over a whole number of iterations, at least 1.');
    this.#accumulation = accumulation;
  }

  /** The gradients of a step where these complete it, otherwise undefined. */
  add(gradients: ReadonlyMap<string, Values>): ReadonlyMap<string, Values> | undefined {
    for (const [name, values] of gradients) {
      const known = this.#sum.get(name) ?? zerosLike(values);
      this.#sum.set(name, known);
      const total: RealArray = known;
      for (let i = 0; i < total.length; i += 1)
        total[i] = (total[i] ?? 0) + (values[i] ?? 0) / this.#accumulation;
    }
    this.#count += 1;
    if (this.#count < this.#accumulation) return undefined;
    const whole = this.#sum;
    this.#sum = new Map();
    this.#count = 0;
    return whole;
  }
}
