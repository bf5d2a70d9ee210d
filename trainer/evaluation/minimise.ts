/** A smooth function: its value at a point, with the gradient written into the second array. */
export type Smooth = (point: Float64Array, gradient: Float64Array) => number;

type Options = {
  /** Ends where no entry of the gradient is larger. */
  readonly tolerance: number;
  readonly mostIterations: number;
};

const remembered = 10;

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};
const largest = (a: Float64Array): number =>
  a.reduce((most, each) => Math.max(most, Math.abs(each)), 0);

type Step = { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number };

/** The direction of descent by the two loops of L-BFGS (Nocedal and Wright, algorithm 7.4). */
function descend(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const q = gradient.slice();
  const alphas: number[] = [];
  for (const { s, y, rho } of steps.toReversed()) {
    const alpha = rho * dot(s, q);
    alphas.push(alpha);
    for (let i = 0; i < q.length; i += 1) q[i] = (q[i] ?? 0) - alpha * (y[i] ?? 0);
  }
  const last = steps.at(-1);
  const scale =
    last === undefined ? 1 / Math.max(1, largest(gradient)) : 1 / (last.rho * dot(last.y, last.y));
  for (let i = 0; i < q.length; i += 1) q[i] = (q[i] ?? 0) * scale;
  for (const { s, y, rho } of steps) {
    const change = (alphas.pop() ?? 0) - rho * dot(y, q);
    for (let i = 0; i < q.length; i += 1) q[i] = (q[i] ?? 0) + change * (s[i] ?? 0);
  }
  return q.map((each) => -each);
}

/**
 * Minimum of a convex function from a starting point by full-batch L-BFGS with a backtracking line search;
 * deterministic. Ends at the tolerance, after the most iterations, or where rounding lets no step lower it.
 */
export function minimise(
  smooth: Smooth,
  start: Float64Array,
  { tolerance, mostIterations }: Options,
): Float64Array {
  let point = start.slice();
  let gradient = new Float64Array(point.length);
  let value = smooth(point, gradient);
  const steps: Step[] = [];
  for (let iteration = 0; iteration < mostIterations; iteration += 1) {
    if (largest(gradient) <= tolerance) break;
    const direction = descend(gradient, steps);
    const slope = dot(direction, gradient);
    let size = 1;
    let next = point;
    const nextGradient = new Float64Array(point.length);
    let nextValue = value;
    for (; size > 1e-12; size /= 2) {
      const stride = size;
      next = point.map((each, i) => each + stride * (direction[i] ?? 0));
      nextValue = smooth(next, nextGradient);
      if (nextValue <= value + 1e-4 * size * slope) break;
    }
    if (size <= 1e-12) break;
    const from = point;
    const before = gradient;
    const s = next.map((each, i) => each - (from[i] ?? 0));
    const y = nextGradient.map((each, i) => each - (before[i] ?? 0));
    const curvature = dot(s, y);
    if (curvature > 1e-18) {
      steps.push({ s, y, rho: 1 / curvature });
      if (steps.length > remembered) steps.shift();
    }
    [point, gradient, value] = [next, nextGradient, nextValue];
  }
  return point;
}
