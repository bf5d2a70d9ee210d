import { decode } from 'jpeg-js';
import { readJpegHeader } from '../../shared/imaging/jpeg-header.ts';

/** A decoded JPEG: interleaved RGB, rows from the top. */
export type RgbPicture = {
  readonly width: number;
  readonly height: number;
  readonly values: Uint8Array;
};

/** Whether three components are RGB already and not YCbCr, by the rules of libjpeg, which the viewer uses. */
function isRgb(bytes: Uint8Array): boolean {
  const { adobeTransform, hasJfif, components } = readJpegHeader(bytes);
  if (hasJfif) return false;
  if (adobeTransform !== undefined) return adobeTransform === 0;
  return String.fromCharCode(...components) === 'RGB';
}

/** Decodes a JPEG of 8 bits; grey becomes three equal values. Throws where it is damaged. */
export function decodeJpeg(bytes: Uint8Array): RgbPicture {
  const { width, height, data } = decode(bytes, {
    useTArray: true,
    formatAsRGBA: false,
    maxMemoryUsageInMB: 2048,
    maxResolutionInMP: 130,
    ...(isRgb(bytes) && { colorTransform: false }),
  });
  return { width, height, values: data };
}

/** The picture as EXIF says that it is to be turned (EXIF 2.3, tag 0112), as the viewer does it. */
export function turn(picture: RgbPicture, orientation: number): RgbPicture {
  if (orientation === 1) return picture;
  const { width, height, values } = picture;
  const isTurned = orientation >= 5;
  const [toWidth, toHeight] = isTurned ? [height, width] : [width, height];
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBelow = [3, 4, 6, 7].includes(orientation);
  const turned = new Uint8Array(values.length);
  for (let y = 0, at = 0; y < toHeight; y += 1)
    for (let x = 0; x < toWidth; x += 1) {
      const [column, row] = isTurned ? [y, x] : [x, y];
      const from =
        3 *
        ((fromBelow ? height - 1 - row : row) * width + (fromRight ? width - 1 - column : column));
      turned[at++] = values[from] ?? 0;
      turned[at++] = values[from + 1] ?? 0;
      turned[at++] = values[from + 2] ?? 0;
    }
  return { width: toWidth, height: toHeight, values: turned };
}
