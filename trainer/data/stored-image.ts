import { wholePixels } from '../../shared/training/preprocessing.ts';
import { type DecodedImage, type GreyWindow, toBytes, toFloats } from './decoded-image.ts';
import { makeLike, type Picture, type PlaneValues } from './picture.ts';
import type { Recipe } from './recipes.ts';
import { resize } from './resize.ts';

/**
 * A prepared picture: what a view is made from. 8 bits: as the viewer shows it. 16 bits: the stored values
 * before any window, on [0, 1] between `low` and `high` of what is there, and the window on that scale.
 */
export type StoredImage =
  | { readonly depth: 8; readonly picture: Picture<Uint8Array> }
  | {
      readonly depth: 16;
      readonly picture: Picture<Float32Array>;
      readonly window: GreyWindow;
      readonly inverted: boolean;
    };

/** A colour picture whose three planes are equal is kept as one. */
function dropEqualPlanes<Values extends PlaneValues>(picture: Picture<Values>): Picture<Values> {
  const { channels, values } = picture;
  if (channels === 1) return picture;
  const size = values.length / 3;
  for (let i = 0; i < size; i += 1)
    if (values[i] !== values[size + i] || values[i] !== values[2 * size + i]) return picture;
  const grey = makeLike(values, size);
  grey.set(values.subarray(0, size));
  return { ...picture, channels: 1, values: grey };
}

function shrink<Values extends PlaneValues>(
  picture: Picture<Values>,
  recipe: Recipe,
  height: number,
  width: number,
): Picture<Values> {
  if (recipe.storage === 'fitted') return resize(picture, width, height, 'bilinear');
  const scale = Math.sqrt(wholePixels(recipe, height, width) / (picture.width * picture.height));
  if (scale >= 1) return picture;
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
  return resize(picture, side(picture.width), side(picture.height), 'bilinear');
}

/** Prepares a decoded image for the views of a recipe. */
export function storeImage(
  decoded: DecodedImage,
  recipe: Recipe,
  height: number,
  width: number,
): StoredImage {
  if (recipe.depth === 8) {
    const picture = dropEqualPlanes(shrink(toBytes(decoded), recipe, height, width));
    return { depth: 8, picture };
  }
  const picture = dropEqualPlanes(shrink(toFloats(decoded), recipe, height, width));
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < picture.values.length; i += 1) {
    const value = picture.values[i] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const span = high > low ? high - low : 1;
  const values = picture.values.map((value) => (value - low) / span);
  const { kind, centre, width: over } = decoded.window;
  return {
    depth: 16,
    picture: { ...picture, values },
    window: { kind, centre: (centre - low) / span, width: over / span },
    inverted: decoded.inverted,
  };
}
