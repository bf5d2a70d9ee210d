/** An encoder halves its images five times, and an engine only even sides: pixels are a multiple of this. */
export const imageStep = 32;

/** Height and width of the images that an encoder is given, in pixels. */
export type ImageSize = { readonly height: number; readonly width: number };

/**
 * The smallest size of the same shape, not below `height` x `width`, that an encoder can be given. The published dental
 * views of 300 x 600 become 320 x 640: nothing is lost or stretched, where rounding each side would give 288 x 608.
 * Both must be whole and above 0.
 */
export function fitImageSize({ height, width }: ImageSize): ImageSize {
  let [a, b] = [height, width];
  while (b > 0) [a, b] = [b, a % b];
  const times = Math.ceil(a / imageStep);
  return { height: (height / a) * imageStep * times, width: (width / a) * imageStep * times };
}
