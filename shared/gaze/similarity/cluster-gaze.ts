/** Cluster number of each point in time order, from 0; -1 is noise. */
export type ClusterLabels = readonly number[];

export type ClusterOptions = {
  /** Extent by which x and y are divided. */
  readonly width: number;
  readonly height: number;
  /** A point is a core point with int(n / divisor) + 1 neighbours: 10 (core variant) or 20 (downstream). */
  readonly neighbourDivisor: number;
  /** As published: x is divided by the height and y by the width (mcgip defect 12). */
  readonly exchangeDivisors?: boolean;
};

const reach = 0.2;

/**
 * DBSCAN (Ester et al. 1996) of gaze in space and time: point k of n is (x / width, y / height, k / n),
 * eps 0.2, the point itself counts. Clusters are numbered by their first core point in time; a border
 * point belongs to the lowest-numbered cluster that reaches it.
 */
export function clusterGaze(
  gaze: readonly (readonly [number, number])[],
  { width, height, neighbourDivisor, exchangeDivisors = false }: ClusterOptions,
): ClusterLabels {
  const n = gaze.length;
  const [overX, overY] = exchangeDivisors ? [height, width] : [width, height];
  const points = gaze.map(([x, y], k) => [x / overX, y / overY, k / n] as const);
  const needed = Math.floor(n / neighbourDivisor) + 1;
  // Points are in order of time: beyond so many places away time alone is more than the reach.
  const places = Math.ceil(reach * n) + 1;
  const neighbours = points.map(([x, y, t], k) => {
    const found: number[] = [];
    for (let j = Math.max(0, k - places); j < Math.min(n, k + places + 1); j += 1) {
      const [u, v, w] = points[j] ?? [Infinity, Infinity, Infinity];
      if (Math.sqrt((x - u) ** 2 + (y - v) ** 2 + (t - w) ** 2) <= reach) found.push(j);
    }
    return found;
  });
  const isCore = neighbours.map((found) => found.length >= needed);
  const labels = points.map(() => -1);
  let next = 0;
  for (const [start] of points.entries()) {
    if (isCore[start] !== true || labels[start] !== -1) continue;
    const label = next;
    next += 1;
    labels[start] = label;
    const waiting = [start];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
      for (const j of neighbours[at] ?? []) {
        if (labels[j] !== -1) continue;
        labels[j] = label;
        if (isCore[j] === true) waiting.push(j);
      }
  }
  return labels;
}
