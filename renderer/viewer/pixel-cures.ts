import * as core from '@cornerstonejs/core';
import { wadouri } from '@cornerstonejs/dicom-image-loader';

type Frame = {
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly pixelRepresentation?: number;
};

/** Takes what lies above the stored bits (PS3.5, 8.1.1) out of an image's values, in place. */
function maskValues(image: core.Types.IImage): core.Types.IImage {
  const {
    bitsAllocated = 16,
    bitsStored = 16,
    pixelRepresentation,
  } = (image.imageFrame ?? {}) as Frame;
  const isMasked = pixelRepresentation === 1 || bitsStored >= bitsAllocated || bitsStored < 1;
  if (image.color || isMasked) return image;
  const isScaled = image.preScale?.scaled === true;
  const slope = isScaled ? image.slope : 1;
  const intercept = isScaled ? image.intercept : 0;
  const top = 2 ** bitsStored - 1;
  if ((image.maxPixelValue - intercept) / slope <= top) return image;
  const values = image.getPixelData();
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i += 1) {
    const stored = Math.round(((values[i] ?? 0) - intercept) / slope) & top;
    const value = stored * slope + intercept;
    values[i] = value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  image.minPixelValue = low;
  image.maxPixelValue = high;
  const voi = core.metaData.get('voiLutModule', image.imageId) as
    { readonly windowWidth?: unknown } | undefined;
  if (voi?.windowWidth !== undefined) return image;
  const { windowCenter, windowWidth } = core.utilities.windowLevel.toWindowLevel(low, high);
  image.windowCenter = windowCenter;
  image.windowWidth = windowWidth;
  return image;
}

/**
 * Cornerstone 5.14 draws the bits above the stored ones of unsigned values, in which older files keep an
 * overlay, as if they were grey: its loader of DICOM files gives images without them instead.
 */
export function cureUnstoredBits(): void {
  core.imageLoader.registerImageLoader('wadouri', (imageId, options) => {
    const loading = wadouri.loadImageFromNaturalizedMetadata(imageId, options);
    return {
      ...loading,
      promise: loading.promise.then((image) => maskValues(image)),
    };
  });
}
