/** Values of a picture's planes: 8 bits on [0, 255], or single precision on the scale its maker states. */
export type PlaneValues = Uint8Array | Float32Array;

/**
 * A picture as planes `[channel, height, width]`, rows from the top. A grey picture has one plane; all that
 * is done to a view gives the same for it as for three equal ones, in a third of the time.
 */
export type Picture<Values extends PlaneValues = PlaneValues> = {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly values: Values;
};

/** A part of a picture in whole pixels, origin at its top left. */
export type Region = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** An array of the same kind as `like`, of zeros. */
export function makeLike<Values extends PlaneValues>(like: Values, length: number): Values {
  return (like instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length)) as Values;
}

/** The picture mirrored left to right. */
export function flip<Values extends PlaneValues>(picture: Picture<Values>): Picture<Values> {
  const { width, values } = picture;
  const flipped = makeLike(values, values.length);
  for (let row = 0; row < values.length; row += width)
    for (let x = 0; x < width; x += 1) flipped[row + x] = values[row + width - 1 - x] ?? 0;
  return { ...picture, values: flipped };
}
