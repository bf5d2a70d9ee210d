/** A place in a fundus photograph that draws the eye; pixels of the stored picture, centres at integers. */
export type Structure = {
  readonly kind: 'disc' | 'bright' | 'dark';
  readonly x: number;
  readonly y: number;
  /** How much it stands out from its surroundings, grey values of 0 to 255. */
  readonly contrast: number;
};

/** Interleaved red, green, blue, alpha, 8 bits each. */
type Picture = { readonly width: number; readonly height: number; readonly data: Uint8Array };

type Plane = { readonly width: number; readonly height: number; readonly values: Float32Array };

function mapPlane({ width, height }: Plane, value: (i: number) => number): Plane {
  return {
    width,
    height,
    values: Float32Array.from({ length: width * height }, (_, i) => value(i)),
  };
}

/** Mean over a square of side 2 r + 1, edges repeated: rows, then columns. */
function blurOnce({ width, height, values }: Plane, r: number): Plane {
  const across = new Float32Array(values.length);
  const result = new Float32Array(values.length);
  const run = (
    from: Float32Array,
    to: Float32Array,
    lines: number,
    length: number,
    line: number,
    step: number,
  ): void => {
    for (let k = 0; k < lines; k += 1) {
      const at = (i: number): number =>
        from[k * line + Math.min(length - 1, Math.max(0, i)) * step] ?? 0;
      let sum = 0;
      for (let i = -r; i <= r; i += 1) sum += at(i);
      for (let i = 0; i < length; i += 1) {
        to[k * line + i * step] = sum / (2 * r + 1);
        sum += at(i + r + 1) - at(i - r);
      }
    }
  };
  run(values, across, height, width, width, 1);
  run(across, result, width, height, 1, width);
  return { width, height, values: result };
}

/** Three box blurs: close to a Gaussian of sigma r. */
const blur = (plane: Plane, r: number): Plane => blurOnce(blurOnce(blurOnce(plane, r), r), r);

const ring = Array.from({ length: 16 }, (_, k) => ({
  x: Math.round(9 * Math.cos((k * Math.PI) / 8)),
  y: Math.round(9 * Math.sin((k * Math.PI) / 8)),
}));

/** Local maxima that stand alone: a vessel goes on in the ring around them, a spot does not. */
function findSpots(
  strength: Plane,
  allowed: (x: number, y: number) => boolean,
  least: number,
): Omit<Structure, 'kind'>[] {
  const { width, height, values } = strength;
  const valueAt = (x: number, y: number): number => values[y * width + x] ?? 0;
  const found: Omit<Structure, 'kind'>[] = [];
  for (let y = 10; y < height - 10; y += 1)
    for (let x = 10; x < width - 10; x += 1) {
      const here = valueAt(x, y);
      if (here < least || !allowed(x, y)) continue;
      if (ring.some((step) => valueAt(x + step.x, y + step.y) > 0.5 * here)) continue;
      let isHighest = true;
      for (let dy = -4; dy <= 4 && isHighest; dy += 1)
        for (let dx = -4; dx <= 4; dx += 1) if (valueAt(x + dx, y + dy) > here) isHighest = false;
      if (isHighest) found.push({ x, y, contrast: Math.round(here * 10) / 10 });
    }
  return found.toSorted((a, b) => b.contrast - a.contrast);
}

/**
 * Finds the optic disc (the brightest large blob) and up to six bright and six dark spots, strongest
 * first, from the pixels alone. It is no detector of disease: it only gives simulated readers something
 * to look at.
 */
export function findStructures({ width, height, data }: Picture): readonly Structure[] {
  const size: Plane = { width, height, values: new Float32Array(0) };
  const unit = Math.max(1, Math.round(width / 256));
  const mask = mapPlane(size, (i) => ((data[i * 4] ?? 0) > 30 ? 1 : 0));
  const seen = blur(mask, 8 * unit);
  const isInside = (x: number, y: number): boolean => (seen.values[y * width + x] ?? 0) > 0.98;
  const bright = blur(
    mapPlane(size, (i) => ((data[i * 4] ?? 0) + (data[i * 4 + 1] ?? 0)) / 2),
    5 * unit,
  );
  let best = -1;
  for (const [i, value] of bright.values.entries())
    if (isInside(i % width, Math.floor(i / width)) && value > (bright.values[best] ?? 0)) best = i;
  const disc = { x: best % width, y: Math.floor(best / width) };
  const green = mapPlane(size, (i) => data[i * 4 + 1] ?? 0);
  const [fine, coarse] = [blur(green, unit), blur(green, 6 * unit)];
  const isFree = (x: number, y: number): boolean =>
    isInside(x, y) && Math.hypot(x - disc.x, y - disc.y) > 24 * unit;
  const difference = (i: number): number => (fine.values[i] ?? 0) - (coarse.values[i] ?? 0);
  const spots = (kind: 'bright' | 'dark', sign: number): Structure[] =>
    findSpots(
      mapPlane(size, (i) => sign * difference(i)),
      isFree,
      8,
    )
      .slice(0, 6)
      .map((spot) => ({ kind, ...spot }));
  return [{ kind: 'disc', ...disc, contrast: 0 }, ...spots('bright', 1), ...spots('dark', -1)];
}
