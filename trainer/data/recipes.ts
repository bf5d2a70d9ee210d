import { preparations } from '../../shared/training/preprocessing.ts';
import type { RecipeName } from '../../shared/training/view-recipes.ts';
import type { ResizeFilter } from './resize.ts';

/** A random part of the picture, resized to the view (torchvision's RandomResizedCrop). */
export type CropStep = {
  readonly kind: 'random-resized-crop';
  readonly filter: ResizeFilter;
  /** Share of the picture's area. */
  readonly area: readonly [least: number, most: number];
  /** Width through height, in pixels of the picture. */
  readonly ratio: readonly [least: number, most: number];
};

/** Left to right. `keepsSide`: never where the image's laterality is known. */
export type FlipStep = {
  readonly kind: 'flip';
  readonly probability: number;
  readonly keepsSide: boolean;
};

/** Sigma in pixels of the view. */
export type BlurStep = {
  readonly kind: 'gaussian-blur';
  readonly probability: number;
  readonly sigma: readonly [least: number, most: number];
};

/** Factors from 1 - x to 1 + x; hue from -x to x turns (torchvision's ColorJitter). */
export type JitterStep = {
  readonly kind: 'colour-jitter';
  readonly probability: number;
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly hue: number;
};

export type SolariseStep = {
  readonly kind: 'solarise';
  readonly probability: number;
  readonly threshold: number;
};

/** The window's centre moved by at most `shift` of its width, its width multiplied by 1/stretch to stretch. */
export type WindowStep = {
  readonly kind: 'window-jitter';
  readonly shift: number;
  readonly stretch: number;
};

export type RotateStep = {
  readonly kind: 'rotate';
  readonly probability: number;
  readonly degrees: number;
};

export type ByteStep = CropStep | FlipStep | BlurStep | JitterStep | SolariseStep;
export type DeepStep = CropStep | FlipStep | BlurStep | WindowStep | RotateStep;

/**
 * How pictures are prepared. `fitted`: at the view's height and width, no crop, whatever its shape was.
 * `whole`: in its own shape, no larger than the smallest crop needs to be as sharp as the view.
 */
export type Storage = 'fitted' | 'whole';

/** What is done to a picture for each view, in this order; at the end it is normalised. */
export type Recipe = {
  readonly storage: Storage;
  /** Share of the picture that the smallest crop takes; 1 without crops. */
  readonly leastCrop: number;
} & (
  | { readonly depth: 8; readonly steps: readonly ByteStep[] }
  | { readonly depth: 16; readonly steps: readonly DeepStep[] }
);

const evenFlip: FlipStep = { kind: 'flip', probability: 0.5, keepsSide: false };
const evenBlur: BlurStep = { kind: 'gaussian-blur', probability: 0.5, sigma: [0.1, 2] };

/**
 * The recipes by name. `mammo`, `dental` and `oai` are the published ones (McGIP's configurations): 8-bit RGB,
 * every operation as Pillow's; dental views are 300 high and 600 wide. `demonstration` is the station's own for
 * small mixed sets.
 *
 * `mammo-16-bit` is ours, for mammograms in their full depth:
 * - The window is drawn for each view and laid on values that no window has cut off yet, so that what a reader
 *   does with the mouse (a tenth of the width to and fro, a quarter wider or narrower) is what the encoder
 *   learns to overlook. It takes the place of colour jitter: a mammogram has no colour.
 * - Crops keep 50 to 100 % of the area in nearly the picture's shape: each side is at least sqrt(0.5 x 0.8) =
 *   63 % long, so two views of one image always overlap and hold a part of the breast. The 8 % of `oai` would
 *   call a lesion and the air beside it alike.
 * - A flip only where the side is not known: a mirrored left breast is a picture of a right one, and readers,
 *   hanging and the pairs' rules tell them apart.
 * - Turned by at most 10 degrees, as positioning differs between exposures.
 * - Blurred by a true Gaussian of at most 1 pixel, half of the published: with more a cluster of
 *   microcalcifications is gone. No solarising: a turned-round grey scale is MONOCHROME1, which the decoder
 *   has undone already.
 */
export const recipes: Readonly<Record<RecipeName, Recipe>> = {
  demonstration: {
    ...preparations.demonstration,
    steps: [
      {
        kind: 'random-resized-crop',
        filter: 'bilinear',
        area: [preparations.demonstration.leastCrop, 1],
        ratio: [3 / 4, 4 / 3],
      },
      evenFlip,
      {
        kind: 'colour-jitter',
        probability: 0.8,
        brightness: 0.4,
        contrast: 0.4,
        saturation: 0,
        hue: 0,
      },
      { kind: 'gaussian-blur', probability: 0.5, sigma: [0.1, 1.2] },
    ],
  },
  mammo: {
    ...preparations.mammo,
    steps: [
      evenFlip,
      {
        kind: 'colour-jitter',
        probability: 0.8,
        brightness: 0.8,
        contrast: 0.8,
        saturation: 0.8,
        hue: 0.2,
      },
      evenBlur,
    ],
  },
  dental: { ...preparations.dental, steps: [evenBlur] },
  oai: {
    ...preparations.oai,
    steps: [
      {
        kind: 'random-resized-crop',
        filter: 'bicubic',
        area: [preparations.oai.leastCrop, 1],
        ratio: [3 / 4, 4 / 3],
      },
      evenFlip,
      evenBlur,
      { kind: 'solarise', probability: 0.2, threshold: 128 },
    ],
  },
  'mammo-16-bit': {
    ...preparations['mammo-16-bit'],
    steps: [
      {
        kind: 'random-resized-crop',
        filter: 'bilinear',
        area: [preparations['mammo-16-bit'].leastCrop, 1],
        ratio: [4 / 5, 5 / 4],
      },
      { kind: 'window-jitter', shift: 0.1, stretch: 1.25 },
      { kind: 'flip', probability: 0.5, keepsSide: true },
      { kind: 'rotate', probability: 0.5, degrees: 10 },
      { kind: 'gaussian-blur', probability: 0.5, sigma: [0.1, 1] },
    ],
  },
};
