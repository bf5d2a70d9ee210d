import type { LabelledFeatures } from './features.ts';

/** The test part for one method: it can be opened once, after everything has been chosen (defect 28). */
export class SealedTest {
  readonly #features: LabelledFeatures;
  #opened = false;

  constructor(features: LabelledFeatures) {
    this.#features = features;
  }

  /** The test images. Throws where they were looked at before. */
  open(): LabelledFeatures {
    if (this.#opened) throw new Error('The test part is opened once, at the end.');
    this.#opened = true;
    return this.#features;
  }
}
