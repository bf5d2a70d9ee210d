import { z } from 'zod';

/** Parts of the frozen split by patient, in the order of the unit interval that the hash falls into. */
export const splitParts = ['train', 'validation', 'test'] as const;
export type SplitPart = (typeof splitParts)[number];

/** How an encoder is judged: by nearest neighbours, a linear classifier on it, or trained on with labels. */
export const evaluationMethods = ['k-nn', 'linear-probe', 'fine-tuning'] as const;
export type EvaluationMethod = (typeof evaluationMethods)[number];

/** Why no figure is given at all, or none for one method. */
export const evaluationRefusals = [
  /** No image of the selection has a label. */
  'no-labels',
  /** All labels of a part are of one class. */
  'one-class',
  /** A class has fewer patients in a part than the rule asks for. */
  'too-few-patients',
  /** The encoder of the comparison cannot be read any more. */
  'encoder-unreadable',
  /** The method was not asked for, or its engine is not there. */
  'not-run',
  /** The evaluation itself failed; its words are in the run's log. */
  'failed',
] as const;
export type EvaluationRefusal = (typeof evaluationRefusals)[number];

/** A figure with its 95 % percentile interval over bootstrap samples of the test patients. */
export const figure = z.object({ value: z.number(), low: z.number(), high: z.number() });
export type Figure = Readonly<z.infer<typeof figure>>;

const count = z.number().int().nonnegative();

/** What one part of the split holds of the labelled images. */
export const partCounts = z.object({
  patients: count,
  images: count,
  /** By class in the order of `classes`: patients with at least one image of it, and images. */
  patientsByClass: z.array(count),
  imagesByClass: z.array(count),
});
export type PartCounts = Readonly<z.infer<typeof partCounts>>;

export const splitCounts = z.object({
  train: partCounts,
  validation: partCounts,
  test: partCounts,
});
export type SplitCounts = Readonly<z.infer<typeof splitCounts>>;

/** Where the labels come from; `sha256` is of the sorted list of image hashes and labels that was used. */
export const labelSource = z.discriminatedUnion('kind', [
  /** The newest assessment of each image's study: benign and normal against suspicious. */
  z.object({ kind: z.literal('assessments'), sha256: z.string() }),
  z.object({
    kind: z.literal('file'),
    /** Null where the labels were never stored in a station (a twin run from plain files). */
    labelSetId: z.number().int().nullable(),
    name: z.string(),
    fileSha256: z.string(),
    sha256: z.string(),
  }),
]);
export type LabelSource = Readonly<z.infer<typeof labelSource>>;

/** The encoder that a result is about. */
export const evaluatedEncoder = z.object({
  /** SHA-256 of the safetensors file whose weights were loaded. */
  sha256: z.string(),
  /** The run that made it; null for an encoder from elsewhere. */
  runId: z.number().int().nullable(),
  role: z.enum(['new', 'champion', 'earlier', 'random', 'other']),
});
export type EvaluatedEncoder = Readonly<z.infer<typeof evaluatedEncoder>>;

/** AUC: Mann-Whitney with ties as half; several classes: mean of each against the rest. */
export const aucFigure = figure.extend({
  /**
   * Standard error by DeLong's placements, with the sums of Obuchowski (1997) where a patient has several
   * images; null for more than two classes.
   */
  standardError: z.number().nullable(),
});

const refused = z.object({
  outcome: z.literal('refused'),
  reason: z.enum(evaluationRefusals),
  /** For the sentence: class, part, counts. Never a patient. */
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** Figures of one method on the test part, which was opened once. */
export const methodFigures = z.object({
  outcome: z.literal('measured'),
  accuracy: figure,
  balancedAccuracy: figure,
  auc: aucFigure,
  /** What was chosen on the validation part (k, lambda or epochs), from which, and its balanced accuracy there. */
  chosen: z.object({
    name: z.enum(['k', 'lambda', 'epochs']),
    value: z.number(),
    candidates: z.array(z.number()),
    validationScore: z.number(),
  }),
});
export type MethodFigures = Readonly<z.infer<typeof methodFigures>>;

export const methodResult = z.object({
  method: z.enum(evaluationMethods),
  result: z.discriminatedUnion('outcome', [methodFigures, refused]),
});
export type MethodResult = Readonly<z.infer<typeof methodResult>>;

/** One encoder, judged by each method. */
export const encoderResult = z.object({
  encoder: evaluatedEncoder,
  methods: z.array(methodResult),
});
export type EncoderResult = Readonly<z.infer<typeof encoderResult>>;

/** New encoder minus the other, on the same test images; intervals over the same bootstrap samples of patients. */
export const pairedDifference = z.object({
  method: z.enum(evaluationMethods),
  /** Of the encoder that is subtracted. */
  against: evaluatedEncoder,
  accuracy: figure,
  balancedAccuracy: figure,
  auc: figure,
  /** DeLong's paired test (with Obuchowski's sums as above); null for several classes or no variance. */
  deLong: z.object({ standardError: z.number(), z: z.number(), pValue: z.number() }).nullable(),
});
export type PairedDifference = Readonly<z.infer<typeof pairedDifference>>;

/** How an encoder was judged on the frozen split, as it is reported, stored and shown. Research use only. */
export const evaluationResult = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('measured'),
    /** Names of the classes, sorted; of two the second is the positive one. */
    classes: z.array(z.string()).min(2),
    labels: labelSource,
    split: splitCounts,
    /** Patients of each class that the train and validation, and the test part must have for a figure. */
    rule: z.object({ patientsPerClass: count, testPatientsPerClass: count }),
    bootstrap: z.object({ rounds: count, seed: z.number().int() }),
    /** Labels, images or readings behind it were made by a program. */
    simulated: z.boolean(),
    /** The new encoder first. */
    encoders: z.array(encoderResult).min(1),
    differences: z.array(pairedDifference),
  }),
  refused.extend({
    /** What is labelled, where anything is. */
    split: splitCounts.nullable(),
    classes: z.array(z.string()),
  }),
]);
export type EvaluationResult = Readonly<z.infer<typeof evaluationResult>>;
export type MeasuredEvaluation = Extract<EvaluationResult, { readonly outcome: 'measured' }>;
