declare const space: unique symbol;

/** A point in a named coordinate space; points of different spaces cannot be mixed up. */
type PointIn<Space extends string> = {
  readonly x: number;
  readonly y: number;
  readonly [space]?: Space;
};

/** Device-independent pixels of the whole desktop; origin at the top left of the primary display. */
export type ScreenPoint = PointIn<'screen'>;

/** CSS pixels of the page's viewport; origin at its top left. */
export type PagePoint = PointIn<'page'>;

/**
 * Pixels of the stored image: x is the column, y the row. Pixel CENTRES lie at integers, so an image
 * of N columns spans [-0.5, N - 0.5] (cornerstone's index coordinates).
 */
export type ImagePoint = PointIn<'image'>;

/** A 2 x 3 affine map, row by row: x' = m00 x + m01 y + m02, y' = m10 x + m11 y + m12. */
export type Affine = {
  readonly m00: number;
  readonly m01: number;
  readonly m02: number;
  readonly m10: number;
  readonly m11: number;
  readonly m12: number;
};
