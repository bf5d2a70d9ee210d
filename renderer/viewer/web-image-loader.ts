import * as core from '@cornerstonejs/core';

/** Sides of the pictures loaded so far, for the metadata that cornerstone asks for. */
const sizes = new Map<string, { readonly width: number; readonly height: number }>();

const scheme = 'web:';

/** Cornerstone's name for a JPEG or PNG at this address. */
export const webImageId = (url: string): string => `${scheme}${url}`;

async function decode(imageId: string): Promise<core.Types.IImage> {
  const response = await fetch(imageId.slice(scheme.length));
  if (!response.ok) throw new Error(`The picture could not be read (${response.status}).`);
  const bitmap = await createImageBitmap(await response.blob(), {
    premultiplyAlpha: 'none',
    imageOrientation: 'from-image',
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('There is not enough memory for this picture.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const rgba = context.getImageData(0, 0, width, height).data;
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0, j = 0; i < rgba.length; i += 4) {
    rgb[j++] = rgba[i] ?? 0;
    rgb[j++] = rgba[i + 1] ?? 0;
    rgb[j++] = rgba[i + 2] ?? 0;
  }
  sizes.set(imageId, { width, height });
  return {
    imageId,
    minPixelValue: 0,
    maxPixelValue: 255,
    slope: 1,
    intercept: 0,
    windowCenter: 128,
    windowWidth: 256,
    voiLUTFunction: core.Enums.VOILUTFunctionType.LINEAR,
    rows: height,
    columns: width,
    height,
    width,
    color: true,
    rgba: false,
    numberOfComponents: 3,
    columnPixelSpacing: 1,
    rowPixelSpacing: 1,
    invert: false,
    sizeInBytes: rgb.byteLength,
    dataType: 'Uint8Array' as const,
    photometricInterpretation: 'RGB',
    getPixelData: () => rgb,
    getCanvas: () => {
      throw new Error('Pictures are drawn from their pixels.');
    },
    voxelManager: core.utilities.VoxelManager.createImageVoxelManager({
      width,
      height,
      numberOfComponents: 3,
      scalarData: rgb,
    }),
  };
}

function describe(type: string, imageId: string): unknown {
  const size = sizes.get(imageId);
  if (size === undefined) return undefined;
  switch (type) {
    case 'imagePixelModule':
      return {
        pixelRepresentation: 0,
        bitsAllocated: 24,
        bitsStored: 24,
        highBit: 24,
        photometricInterpretation: 'RGB',
        samplesPerPixel: 3,
      };
    case 'imagePlaneModule':
      return {
        imageOrientationPatient: [1, 0, 0, 0, 1, 0],
        rowCosines: [1, 0, 0],
        columnCosines: [0, 1, 0],
        imagePositionPatient: [0, 0, 0],
        pixelSpacing: [1, 1],
        columnPixelSpacing: 1,
        rowPixelSpacing: 1,
        rows: size.height,
        columns: size.width,
        frameOfReferenceUID: imageId,
        usingDefaultValues: true,
      };
    case 'generalSeriesModule':
      return { modality: 'OP', seriesInstanceUID: imageId };
    case 'voiLutModule':
      return { windowCenter: [128], windowWidth: [256] };
    case 'modalityLutModule':
      return { rescaleSlope: 1, rescaleIntercept: 0 };
    default:
      return undefined;
  }
}

/** Teaches cornerstone to load JPEG and PNG pictures by `webImageId`. */
export function registerWebImageLoader(): void {
  core.imageLoader.registerImageLoader('web', (imageId) => ({ promise: decode(imageId) }));
  core.metaData.addProvider(
    (type: string, imageId: string) =>
      typeof imageId === 'string' && imageId.startsWith(scheme)
        ? describe(type, imageId)
        : undefined,
    10_000,
  );
}

/** Forgets the sizes of pictures that are no longer cached. */
export function forgetWebImages(): void {
  sizes.clear();
}
