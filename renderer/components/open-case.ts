import type { Page, Store } from '../store.ts';

/** Shows the case of a reading on an image (null: the first with gaze); Escape leads back to where it was opened. */
export function openCase(page: Store<Page>, readingId: number, imageId: number | null): void {
  const here = page.get();
  const back = here.kind === 'case' ? here.back : here.kind === 'pairs' ? 'pairs' : 'readings';
  page.set({ kind: 'case', readingId, imageId, back });
}
