import type { SplitCounts, SplitPart } from '../training/evaluation-result.ts';

/** What an import of labels took. */
export type LabelImport = {
  readonly labelSetId: number;
  readonly images: number;
  readonly classes: readonly { readonly label: string; readonly images: number }[];
  /** Lines that name no image of the station. */
  readonly skipped: number;
};

/** The frozen split: everything, and what of it is labelled. */
export type SplitOverview = {
  readonly parts: Readonly<
    Record<SplitPart, { readonly patients: number; readonly images: number }>
  >;
  readonly labels: 'assessments' | 'file';
  readonly classes: readonly string[];
  readonly labelled: SplitCounts;
};
