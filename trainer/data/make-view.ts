import { type Random, shuffle } from '../../shared/random.ts';
import { blurBytes, blurFloats } from './blur.ts';
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  solarise,
} from './colour.ts';
import { greyCurve, type GreyWindow } from './decoded-image.ts';
import { flip, type Picture, type Region } from './picture.ts';
import type {
  BlurStep,
  ByteStep,
  CropStep,
  DeepStep,
  FlipStep,
  JitterStep,
  Recipe,
} from './recipes.ts';
import { resize } from './resize.ts';
import { rotate } from './rotate.ts';
import type { StoredImage } from './stored-image.ts';

/** What a view is to be. */
export type ViewShape = {
  readonly height: number;
  readonly width: number;
  /** The image's laterality is known: steps that keep the side do not flip it. */
  readonly sideKnown: boolean;
};

const cropAttempts = 10;

const pick = (random: Random, [least, most]: readonly [number, number]): number =>
  least + (most - least) * random.next();

/** torchvision's RandomResizedCrop: ten tries, then the largest part of an allowed shape in the middle. */
export function drawCrop(
  width: number,
  height: number,
  { area, ratio }: Pick<CropStep, 'area' | 'ratio'>,
  random: Random,
): Region {
  for (let attempt = 0; attempt < cropAttempts; attempt += 1) {
    const pixels = width * height * pick(random, area);
    const shape = Math.exp(pick(random, [Math.log(ratio[0]), Math.log(ratio[1])]));
    const w = Math.round(Math.sqrt(pixels * shape));
    const h = Math.round(Math.sqrt(pixels / shape));
    if (w < 1 || w > width || h < 1 || h > height) continue;
    const y = random.below(height - h + 1);
    return { x: random.below(width - w + 1), y, width: w, height: h };
  }
  const shape = Math.min(ratio[1], Math.max(ratio[0], width / height));
  const w = Math.max(1, Math.min(width, Math.round(height * shape)));
  const h = Math.max(1, Math.min(height, Math.round(width / shape)));
  const [x, y] = [Math.floor((width - w) / 2), Math.floor((height - h) / 2)];
  return { x, y, width: w, height: h };
}

/** Whether a step of this probability is done; a certain one draws nothing. */
function happens(step: ByteStep | DeepStep, random: Random): boolean {
  return !('probability' in step) || step.probability >= 1 || random.next() < step.probability;
}

function jitter(picture: Picture<Uint8Array>, step: JitterStep, random: Random) {
  const order = shuffle(['brightness', 'contrast', 'saturation', 'hue'] as const, random);
  const factor = (x: number): number => pick(random, [1 - x, 1 + x]);
  const drawn = {
    brightness: factor(step.brightness),
    contrast: factor(step.contrast),
    saturation: factor(step.saturation),
    hue: pick(random, [-step.hue, step.hue]),
  };
  const changes = {
    brightness: adjustBrightness,
    contrast: adjustContrast,
    saturation: adjustSaturation,
    hue: adjustHue,
  };
  let changed = picture;
  for (const name of order) if (step[name] > 0) changed = changes[name](changed, drawn[name]);
  return changed;
}

const mayFlip = ({ keepsSide }: FlipStep, { sideKnown }: ViewShape): boolean =>
  !(keepsSide && sideKnown);

function doByteStep(
  picture: Picture<Uint8Array>,
  step: ByteStep,
  shape: ViewShape,
  random: Random,
): Picture<Uint8Array> {
  switch (step.kind) {
    case 'random-resized-crop': {
      const region = drawCrop(picture.width, picture.height, step, random);
      return resize(picture, shape.width, shape.height, step.filter, region);
    }
    case 'flip':
      return mayFlip(step, shape) ? flip(picture) : picture;
    case 'colour-jitter':
      return jitter(picture, step, random);
    case 'gaussian-blur':
      return blurBytes(picture, pick(random, step.sigma));
    case 'solarise':
      return solarise(picture, step.threshold);
    default:
      return step satisfies never;
  }
}

/** The picture as a window shows it, on [0, 1]. */
function showThrough(
  picture: Picture<Float32Array>,
  window: GreyWindow,
  inverted: boolean,
): Picture<Float32Array> {
  const curve = greyCurve(window, inverted);
  const { values } = picture;
  const shown = new Float32Array(values.length);
  for (let i = 0; i < values.length; i += 1) shown[i] = curve(values[i] ?? 0);
  return { ...picture, values: shown };
}

/** Taps on both sides to where a Gaussian is below 1 %. */
function blurDeep(picture: Picture<Float32Array>, { sigma }: BlurStep, random: Random) {
  const drawn = pick(random, sigma);
  return blurFloats(picture, drawn, 2 * Math.ceil(3 * drawn) + 1);
}

function doDeepStep(
  picture: Picture<Float32Array>,
  step: DeepStep,
  stored: Extract<StoredImage, { readonly depth: 16 }>,
  shape: ViewShape,
  random: Random,
): Picture<Float32Array> {
  switch (step.kind) {
    case 'random-resized-crop': {
      const region = drawCrop(picture.width, picture.height, step, random);
      return resize(picture, shape.width, shape.height, step.filter, region);
    }
    case 'window-jitter': {
      const { kind, centre, width } = stored.window;
      const moved = centre + width * pick(random, [-step.shift, step.shift]);
      const log = Math.log(step.stretch);
      const over = width * Math.exp(pick(random, [-log, log]));
      return showThrough(picture, { kind, centre: moved, width: over }, stored.inverted);
    }
    case 'flip':
      return mayFlip(step, shape) ? flip(picture) : picture;
    case 'rotate':
      return rotate(picture, pick(random, [-step.degrees, step.degrees]));
    case 'gaussian-blur':
      return blurDeep(picture, step, random);
    default:
      return step satisfies never;
  }
}

/**
 * One view of a prepared picture, `height` x `width`: 8 bits, or floats on [0, 1]. All chance is `random`'s,
 * drawn in this order: for each step of the recipe whether it is done (where that is not certain), then what
 * it needs: a crop for each try area and ratio, at last top and left; jitter the order of its four changes and
 * the four factors (brightness, contrast, saturation, hue); blur its sigma; the window its shift and its
 * stretch; rotation its angle. Nothing is drawn for a step that is not done.
 */
export function makeView(
  stored: StoredImage,
  recipe: Recipe,
  shape: ViewShape,
  random: Random,
): Picture {
  if (stored.depth === 8 && recipe.depth === 8) {
    let { picture } = stored;
    for (const step of recipe.steps)
      if (happens(step, random)) picture = doByteStep(picture, step, shape, random);
    return picture;
  }
  if (stored.depth === 16 && recipe.depth === 16) {
    let { picture } = stored;
    for (const step of recipe.steps)
      if (happens(step, random)) picture = doDeepStep(picture, step, stored, shape, random);
    return picture;
  }
  throw new Error(`A picture of ${stored.depth} bits is no use to a recipe of ${recipe.depth}.`);
}

/** The whole picture without chance at `height` x `width`: what an encoder is judged on. */
export function makePlainView(stored: StoredImage, height: number, width: number): Picture {
  if (stored.depth === 8) return resize(stored.picture, width, height, 'bilinear');
  const { picture, window, inverted } = stored;
  return showThrough(resize(picture, width, height, 'bilinear'), window, inverted);
}
