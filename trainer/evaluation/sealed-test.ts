/** The test part for one method: it can be opened once, after everything has been chosen (defect 28). */
export class SealedTest<Part> {
  readonly #part: Part;
  #opened = false;

  constructor(part: Part) {
    this.#part = part;
  }

  /** The test images. Throws where they were looked at before. */
  open(): Part {
    if (this.#opened) throw new Error('The test part is opened once, at the end.');
    this.#opened = true;
    return this.#part;
  }
}
