import * as core from '@cornerstonejs/core';
import { Enums } from '@cornerstonejs/metadata';

const { MetadataModules } = Enums;

type VoiModule = {
  readonly voiLUTFunction?: string | readonly string[];
  readonly windowCenter?: unknown;
  readonly windowWidth?: readonly unknown[] | undefined;
};

/** Without a window where its width is none (PS3.3 C.11.2.1.2): cornerstone draws such an image all white. */
function dropImpossible(voi: VoiModule, kinds: readonly string[] | undefined): VoiModule {
  if (voi.windowWidth === undefined) return voi;
  const least = kinds?.[0] === 'LINEAR_EXACT' ? 0 : 1;
  if (Number(voi.windowWidth[0]) > least) return voi;
  return { ...voi, windowCenter: undefined, windowWidth: undefined };
}

/**
 * Cornerstone 5.14 takes the first LETTER of a VOI LUT Function given as one string and shows SIGMOID
 * images all white (cornerstone3D #2844): the value is handed over as a list instead.
 */
export function cureWindows(): void {
  let inside = false;
  core.metaData.addProvider((type: string, imageId: string) => {
    if (type !== 'voiLutModule' || inside) return undefined;
    inside = true;
    try {
      const voi = core.metaData.get(type, imageId) as VoiModule | undefined;
      if (voi === undefined) return undefined;
      const { voiLUTFunction } = voi;
      const kinds = typeof voiLUTFunction === 'string' ? [voiLUTFunction] : voiLUTFunction;
      const usable = dropImpossible(voi, kinds);
      return kinds === undefined ? usable : { ...usable, voiLUTFunction: kinds };
    } finally {
      inside = false;
    }
  }, 100_000);
}

type LutItem = {
  readonly LUTDescriptor: readonly number[];
  /** Numbers where its VR is US, one block of words or bytes where it is OW. */
  readonly LUTData: readonly (ArrayBuffer | number)[];
};

/** Entries of a LUT; those of 8 bits may stand two in a word. */
function entriesOf({ LUTData }: LutItem, count: number, bits: number): ArrayLike<number> {
  const [block] = LUTData;
  if (!(block instanceof ArrayBuffer)) return LUTData as readonly number[];
  return bits === 8 && block.byteLength < count * 2
    ? new Uint8Array(block)
    : new Uint16Array(block);
}

type TransferFunction = {
  removeAllPoints(): void;
  addRGBPoint(x: number, r: number, g: number, b: number): void;
  setMappingRange(from: number, to: number): void;
};

/**
 * Cornerstone 5.14 ignores a VOI LUT Sequence (PS3.3 C.11.2.1.1): its curve is laid into the viewport's
 * transfer function. Nothing happens where the image has none or the viewport draws on the CPU.
 */
export function applyVoiLut(viewport: core.Types.IStackViewport, imageId: string): boolean {
  const instance = core.metaData.get(MetadataModules.NATURALIZED, imageId) as
    | {
        readonly VOILUTSequence?: readonly LutItem[];
        readonly WindowWidth?: unknown;
        readonly PixelRepresentation?: number;
        readonly RescaleIntercept?: number;
      }
    | undefined;
  const item = instance?.VOILUTSequence?.[0];
  // Where a window is given as well, either may be applied; the window is what dragging changes.
  if (item === undefined || instance?.WindowWidth !== undefined) return false;
  const [entries = 0, unsigned = 0, bits = 0] = item.LUTDescriptor;
  // The first value may be below 0 where pixels are; without its VR it is read as unsigned.
  const isSigned = instance?.PixelRepresentation === 1 || Number(instance?.RescaleIntercept) < 0;
  const first = isSigned && unsigned > 0x7fff ? unsigned - 0x10000 : unsigned;
  const count = entries === 0 ? 65_536 : entries;
  const lut = entriesOf(item, count, bits);
  if (lut.length < count || bits < 1) return false;
  const actor = viewport.getDefaultActor()?.actor as
    | {
        getProperty?: () => {
          getRGBTransferFunction(i: number): TransferFunction;
          setUseLookupTableScalarRange(on: boolean): void;
        };
      }
    | undefined;
  const property = actor?.getProperty?.();
  if (property === undefined) return false;
  const curve = property.getRGBTransferFunction(0);
  // MONOCHROME1 is shown by turning the curve round, which this one has to be as well.
  const turned = viewport.getProperties().invert === true;
  curve.removeAllPoints();
  for (let i = 0; i < 1024; i += 1) {
    const x = Math.round((i * (count - 1)) / 1023);
    const output = (lut[x] ?? 0) / (2 ** bits - 1);
    const y = turned ? 1 - output : output;
    curve.addRGBPoint(x + first, y, y, y);
  }
  curve.setMappingRange(first, first + count - 1);
  property.setUseLookupTableScalarRange(true);
  return true;
}
