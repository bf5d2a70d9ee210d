import { clusterGaze } from './cluster-gaze.ts';
import { stationTima } from './tima.ts';

/** TIMA compares every sample with every other: of a longer recording so many are taken, evenly in time. */
const mostPoints = 1000;

/** Middle and number of samples of a cluster of gaze. */
export type ClusterMiddle = { readonly x: number; readonly y: number; readonly points: number };

/** The clusters of gaze on the canvas whose maps TIMA compares, in its order: that of time. */
export function orderClusters(
  gaze: readonly (readonly [number, number])[],
): readonly ClusterMiddle[] {
  const count = Math.min(gaze.length, mostPoints);
  const points = Array.from(
    { length: count },
    (_, k): readonly [number, number] => gaze[Math.floor((k * gaze.length) / count)] ?? [0, 0],
  );
  const sums = new Map<number, { x: number; y: number; points: number }>();
  for (const [k, label] of clusterGaze(points, stationTima.clusters).entries()) {
    if (label < 0) continue;
    const [x, y] = points[k] ?? [0, 0];
    const sum = sums.get(label) ?? { x: 0, y: 0, points: 0 };
    sums.set(label, { x: sum.x + x, y: sum.y + y, points: sum.points + 1 });
  }
  return [...sums]
    .toSorted(([a], [b]) => a - b)
    .map(([, sum]) => ({ ...sum, x: sum.x / sum.points, y: sum.y / sum.points }));
}
