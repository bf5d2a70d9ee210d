/** A case with how near it is. */
export type Near = { readonly case: number; readonly relation: number };

/** The `count` highest of the scores that are numbers, highest first; of equal ones the lower place. */
export function takeHighest(
  scores: ArrayLike<number>,
  cases: ArrayLike<number>,
  count: number,
): readonly Near[] {
  // A heap with the lowest of the best on top.
  const heap: number[] = [];
  const isLower = (a: number, b: number): boolean => {
    const [one, other] = [scores[a] ?? 0, scores[b] ?? 0];
    return one < other || (one === other && a > b);
  };
  const sink = (from: number): void => {
    let at = from;
    for (;;) {
      let lowest = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && isLower(heap[child] ?? 0, heap[lowest] ?? 0)) lowest = child;
      if (lowest === at) return;
      [heap[at], heap[lowest]] = [heap[lowest] ?? 0, heap[at] ?? 0];
      at = lowest;
    }
  };
  for (let place = 0; place < scores.length; place += 1) {
    if (Number.isNaN(scores[place])) continue;
    if (heap.length < count) {
      heap.push(place);
      if (heap.length === count) for (let at = heap.length >>> 1; at >= 0; at -= 1) sink(at);
    } else if (isLower(heap[0] ?? 0, place)) {
      heap[0] = place;
      sink(0);
    }
  }
  return heap
    .toSorted((a, b) => (isLower(a, b) ? 1 : -1))
    .map((place) => ({ case: cases[place] ?? 0, relation: scores[place] ?? 0 }));
}
