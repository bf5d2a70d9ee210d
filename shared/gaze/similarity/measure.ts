/** Why a measure has no answer for a case or a pair; never a silent number. */
export const undefinedReasons = [
  'too-few-fixations',
  'too-many-fixations',
  'empty-map',
  'flat-map',
  'no-cluster',
] as const;
export type UndefinedReason = (typeof undefinedReasons)[number];

/** A similarity of two cases: the measure's own numbers and the scalar that is compared with a threshold. */
export type Similarity = {
  /** In [0, 1] for every measure of the station; 1 is most alike. */
  readonly relation: number;
  readonly parts: readonly number[];
};

/** One way to say how much alike two images were looked at. A signature is made once per case. */
export interface Measure<Input, Signature> {
  readonly name: string;
  /** Names of `Similarity.parts`, in their order. */
  readonly partNames: readonly string[];
  describe(input: Input): Signature | UndefinedReason;
  compare(a: Signature, b: Signature): Similarity;
}
