import type { Random } from '../../shared/random.ts';
import type { AreAlike } from '../methods/method.ts';

/** A set of images by their ids. */
export type ImageSet = { readonly dataSetId: string; readonly imageIds: readonly number[] };

/** How much alike the images of a data set were looked at; rows and columns are found by image id alone. */
export type GazeRelation = ImageSet & {
  /** `[images, images]` in the order of `imageIds`; NaN where there is no relation. */
  readonly values: Float64Array;
};

/**
 * The pairs with relation > threshold, for training on these images. Throws where the relation is of another data
 * set, lacks one of the images, names an image twice or has not one row for each.
 */
export function alikeAbove(
  relation: GazeRelation,
  threshold: number,
  { dataSetId, imageIds }: ImageSet,
): AreAlike {
  const count = relation.imageIds.length;
  if (relation.dataSetId !== dataSetId)
    throw new Error(
      `The relation is of the data set ${relation.dataSetId}, the images are of ${dataSetId}.`,
    );
  const rows = new Map(relation.imageIds.map((id, row) => [id, row]));
  if (rows.size !== count || relation.values.length !== count * count)
    throw new Error('A relation has one row and one column for each image.');
  const missing = imageIds.find((id) => !rows.has(id));
  if (missing !== undefined) throw new Error(`The relation has no row for the image ${missing}.`);
  return (a, b) => {
    const [row, column] = [rows.get(a), rows.get(b)];
    if (row === undefined || column === undefined)
      throw new Error(`The relation has no row for the image ${row === undefined ? a : b}.`);
    return (relation.values[row * count + column] ?? Number.NaN) > threshold;
  };
}

/**
 * GzPT's random dropping for one batch: a pair that is alike is dropped with probability `dropProbability` (0 keeps
 * all, 0.9 keeps 10 %), by one draw for each pair of images, so that both orders and every view of it agree.
 */
export function dropPairs(alike: AreAlike, dropProbability: number, random: Random): AreAlike {
  if (!(dropProbability >= 0 && dropProbability <= 1))
    throw new Error(`A drop probability of ${dropProbability} is not between 0 and 1.`);
  const drawn = new Map<string, boolean>();
  return (a, b) => {
    if (!alike(a, b)) return false;
    const pair = a < b ? `${a} ${b}` : `${b} ${a}`;
    const known = drawn.get(pair);
    if (known !== undefined) return known;
    const kept = random.next() >= dropProbability;
    drawn.set(pair, kept);
    return kept;
  };
}
