import type { RecipeName } from './view-recipes.ts';

/** Mean of ImageNet's channels on [0, 1], which torchvision's encoders expect. */
export const means = [0.485, 0.456, 0.406] as const;
/** And their deviation. */
export const deviations = [0.229, 0.224, 0.225] as const;

/**
 * How each recipe prepares pictures before it makes views of them (trainer/data/recipes.ts): bits, whether they are
 * fitted to the view or kept whole in their own shape, and the least share of a whole one that a crop takes.
 */
export const preparations = {
  demonstration: { depth: 8, storage: 'whole', leastCrop: 0.4 },
  mammo: { depth: 8, storage: 'fitted', leastCrop: 1 },
  dental: { depth: 8, storage: 'fitted', leastCrop: 1 },
  oai: { depth: 8, storage: 'whole', leastCrop: 0.08 },
  'mammo-16-bit': { depth: 16, storage: 'whole', leastCrop: 0.5 },
} as const satisfies Readonly<
  Record<
    RecipeName,
    {
      readonly depth: 8 | 16;
      readonly storage: 'fitted' | 'whole';
      readonly leastCrop: number;
    }
  >
>;

/** Pixels above which a picture is shrunk in its own shape; the smallest crop is then as sharp as the view. */
export const wholePixels = (
  { leastCrop }: { readonly leastCrop: number },
  height: number,
  width: number,
): number => Math.ceil((height * width) / leastCrop);

const voi =
  'through its VOI window (its first; LINEAR or SIGMOID), without one through its VOI LUT, without either over the range of its values, ' +
  'MONOCHROME1 turned round';

/** What is done to the picture of one file until it has the view's size and lies on 0..1. */
function wordPicture(recipe: RecipeName, height: number, width: number): string {
  const { depth, storage } = preparations[recipe];
  const whole = storage === 'whole';
  const shrunk = whole
    ? `shrunk in its own shape to ${wholePixels(preparations[recipe], height, width)} pixels where it has more, `
    : '';
  const size = `${height} high and ${width} wide, whatever its shape`;
  const resized = `${shrunk}resized to ${size}`;
  const how = 'bilinear with antialiasing; no crop, no mirroring';
  return depth === 8
    ? `a DICOM picture (first frame) as the viewer shows it, ${voi}; PNG, JPEG and colour over the range of their bits; ` +
        `rounded to 8 bits, ${resized} (${how}), divided by 255`
    : `stored values ${resized} (${how}), and only then as the viewer shows them on 0..1: a DICOM picture (first frame) ${voi} (a VOI LUT before all else); ` +
        'PNG, JPEG and colour over the range of their bits';
}

const normalised =
  `then (value - mean) / deviation by channel, mean ${means.join(' ')}, deviation ${deviations.join(' ')}; ` +
  'RGB, a grey picture in all three channels';

/** What an encoder of a recipe and size is given when it is judged, in words. */
export const wordPreprocessing = (recipe: RecipeName, height: number, width: number): string =>
  `Recipe "${recipe}": ${wordPicture(recipe, height, width)}, ${normalised}. ` +
  'So pictures came when the encoder was judged; in training random views were made of them by the same recipe.';

/** The same of an encoder whose file does not name its recipe. */
export const unknownPreprocessing =
  'The recipe by which pictures were prepared is not known: the file was saved before that was recorded; the run that made it ' +
  'may name it (recipe in the configuration of its run.json). With every recipe of this version pictures come as the viewer ' +
  `shows them, ${voi}, resized without a crop to the size of the encoder, on 0..1; ${normalised}. ` +
  'Bits and the way of shrinking differ by recipe.';
