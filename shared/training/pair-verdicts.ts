/** What a person thinks of a pair: `refused` pairs are left out by all later runs. */
export const pairVerdicts = ['accepted', 'refused'] as const;
export type PairVerdict = (typeof pairVerdicts)[number];
