/** Rows of one fetch. */
export const rowsAPage = 200;

type FetchedPage<Row> = { readonly total: number; readonly rows: readonly Row[] };

/** A long list that is fetched page by page as it comes into view; old pages stay until newer ones are there. */
export class PagedRows<Row, Answer extends FetchedPage<Row> = FetchedPage<Row>> {
  readonly #fetchPage: (offset: number, limit: number) => Promise<Answer>;
  readonly #onChange: () => void;
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #stale = new Set<number>();
  readonly #underWay = new Set<number>();
  #newest: Answer | undefined;
  #error: unknown;
  #closed = false;

  constructor(fetchPage: (offset: number, limit: number) => Promise<Answer>, onChange: () => void) {
    this.#fetchPage = fetchPage;
    this.#onChange = onChange;
  }

  /** Rows in all; undefined until the first page has come. */
  get total(): number | undefined {
    return this.#newest?.total;
  }

  /** The newest answer, for what it says beside its rows. */
  get newest(): Answer | undefined {
    return this.#newest;
  }

  /** What the last fetch threw; undefined after one that went well. */
  get error(): unknown {
    return this.#error;
  }

  /** The row, or undefined while it has not come. */
  row(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / rowsAPage))?.[index % rowsAPage];
  }

  /** Index of the first row here that fits; undefined where none of those that have come does. */
  find(fits: (row: Row) => boolean): number | undefined {
    for (const [page, rows] of this.#pages) {
      const index = rows.findIndex(fits);
      if (index >= 0) return page * rowsAPage + index;
    }
    return undefined;
  }

  /** Fetches what is missing or stale of the rows first..last. */
  ensure(first: number, last: number): void {
    for (let page = Math.floor(first / rowsAPage); page <= Math.floor(last / rowsAPage); page += 1)
      if ((!this.#pages.has(page) || this.#stale.has(page)) && !this.#underWay.has(page))
        void this.#fetch(page);
  }

  /** Everything may have changed: pages are fetched again when next in view. */
  invalidate(): void {
    for (const page of this.#pages.keys()) this.#stale.add(page);
    // An answer on its way may be older than the change.
    for (const page of this.#underWay) this.#stale.add(page);
  }

  /** No answer counts from now on. */
  close(): void {
    this.#closed = true;
  }

  async #fetch(page: number): Promise<void> {
    this.#underWay.add(page);
    this.#stale.delete(page);
    try {
      const answer = await this.#fetchPage(page * rowsAPage, rowsAPage);
      if (this.#closed) return;
      this.#error = undefined;
      this.#newest = answer;
      this.#pages.set(page, answer.rows);
      for (const held of this.#pages.keys())
        if (held * rowsAPage >= answer.total && held > 0) this.#pages.delete(held);
    } catch (thrown) {
      if (this.#closed) return;
      this.#error = thrown;
    } finally {
      this.#underWay.delete(page);
    }
    this.#onChange();
  }
}
