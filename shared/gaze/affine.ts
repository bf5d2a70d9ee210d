import type { Affine } from './points.ts';

/** Applies the map to (x, y). */
export function applyAffine(m: Affine, x: number, y: number): { x: number; y: number } {
  return { x: m.m00 * x + m.m01 * y + m.m02, y: m.m10 * x + m.m11 * y + m.m12 };
}

/** The map that applies `first`, then `second`. */
export function chainAffine(first: Affine, second: Affine): Affine {
  const origin = applyAffine(second, first.m02, first.m12);
  return {
    m00: second.m00 * first.m00 + second.m01 * first.m10,
    m01: second.m00 * first.m01 + second.m01 * first.m11,
    m02: origin.x,
    m10: second.m10 * first.m00 + second.m11 * first.m10,
    m11: second.m10 * first.m01 + second.m11 * first.m11,
    m12: origin.y,
  };
}

/** The inverse map, or undefined where the map is flat. */
export function invertAffine(m: Affine): Affine | undefined {
  const determinant = m.m00 * m.m11 - m.m01 * m.m10;
  if (determinant === 0 || !Number.isFinite(determinant)) return undefined;
  const m00 = m.m11 / determinant;
  const m01 = -m.m01 / determinant;
  const m10 = -m.m10 / determinant;
  const m11 = m.m00 / determinant;
  return {
    m00,
    m01,
    m02: -(m00 * m.m02 + m01 * m.m12),
    m10,
    m11,
    m12: -(m10 * m.m02 + m11 * m.m12),
  };
}

/**
 * The affine that takes (0, 0), (side, 0) and (0, side) to the three given points: what a viewer's own
 * point mapping says at three places says it everywhere, since pan, zoom, flip and rotation are affine.
 */
export function affineFromThreePoints(
  side: number,
  origin: { readonly x: number; readonly y: number },
  right: { readonly x: number; readonly y: number },
  down: { readonly x: number; readonly y: number },
): Affine {
  return {
    m00: (right.x - origin.x) / side,
    m01: (down.x - origin.x) / side,
    m02: origin.x,
    m10: (right.y - origin.y) / side,
    m11: (down.y - origin.y) / side,
    m12: origin.y,
  };
}
