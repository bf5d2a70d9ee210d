import { z } from 'zod';
import { undefinedReasons } from './gaze/similarity/measure.ts';
import { stationErrorCodes } from './station-error.ts';
import { evaluationResult } from './training/evaluation-result.ts';
import { encoderFormats } from './training/encoder-formats.ts';
import { initialWeightsChoice } from './training/initial-weights.ts';
import { labelAgreement } from './training/label-agreement.ts';
import { encoderNames, measureNames, runConfiguration } from './training/run-configuration.ts';
import { runStages } from './training/run-states.ts';

/** What main tells the trainer. Takes effect between two steps. */
export const trainerCommand = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('start'),
    runId: z.number().int(),
    /** Opened read-only. */
    databasePath: z.string(),
    /** Folder of the pixel files, by SHA-256. */
    filesFolder: z.string(),
    /** Folder that the trainer alone writes: run.json, checkpoint, encoder. */
    runFolder: z.string(),
    /** Folder in which mining keeps what later runs can use; it may be deleted between runs. */
    miningFolder: z.string(),
    configuration: runConfiguration,
    /** Continue from the checkpoint in `runFolder` if there is one. */
    resume: z.boolean(),
    threads: z.number().int().min(1),
  }),
  /** Instead of a run: writes a finished run's encoder in another format, then ends. */
  z.object({
    kind: z.literal('export-encoder'),
    /** The run's own file and its SHA-256. */
    file: z.string(),
    sha256: z.string(),
    format: z.enum(encoderFormats),
    target: z.string(),
  }),
  /** Instead of a run: looks whether a file of weights fits an encoder, then ends. */
  z.object({
    kind: z.literal('check-weights'),
    /** As of a run. */
    filesFolder: z.string(),
    encoder: z.enum(encoderNames),
    imageSide: z.number().int(),
    imageWidth: z.number().int().nullable(),
    initialWeights: initialWeightsChoice,
  }),
  z.object({ kind: z.literal('pause') }),
  z.object({ kind: z.literal('resume') }),
  /** The reader goes first for so long; neither a pause nor told as one. */
  z.object({ kind: z.literal('yield'), forMs: z.number().int().min(0) }),
  z.object({ kind: z.literal('cancel') }),
]);
export type TrainerCommand = z.infer<typeof trainerCommand>;

const minedPair = z.object({
  imageA: z.number().int(),
  imageB: z.number().int(),
  /** The measure's own similarity numbers: one for the hash; shape, direction, length, position, duration. */
  similarity: z.array(z.number()),
  relation: z.number(),
  /** Probability that chance gives so high a relation, and that adjusted for all pairs (Benjamini-Hochberg). */
  pValue: z.number(),
  qValue: z.number(),
  /** Of the readings that were compared the two most alike, and how many pairs of readings there were. */
  readingA: z.number().int(),
  readingB: z.number().int(),
  readingPairs: z.number().int(),
});
export type MinedPair = z.infer<typeof minedPair>;

/** How pairs of one kind of image stand to chance; counts over 200 equal parts of [0, 1]. */
const minedGroup = z.object({
  /** Modality and view. */
  group: z.string(),
  /** Null: so few chance pairs cannot show so small a rate, and no pair is taken. */
  threshold: z.number().nullable(),
  /** Share of chance pairs that is above the threshold. */
  falsePositiveRate: z.number(),
  compared: z.number().int(),
  found: z.number().int(),
  /** Share of the found pairs that chance alone would give, at most 1; null where none was found. */
  falseDiscoveryRate: z.number().nullable(),
  chancePairs: z.number().int(),
  chanceCounts: z.array(z.number().int()),
  /** The same for each of the measure's own numbers; empty for older runs. */
  chancePartCounts: z.array(z.array(z.number().int())).default([]),
  pairCounts: z.array(z.number().int()),
});
export type MinedGroup = z.infer<typeof minedGroup>;

/** What the trainer tells main. Any report is a sign of life. */
export const trainerReport = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('heartbeat'), residentBytes: z.number() }),
  z.object({ kind: z.literal('stage'), stage: z.enum(runStages), total: z.number() }),
  z.object({
    kind: z.literal('engine'),
    engine: z.string(),
    reason: z.string(),
    /** Engines that were not taken, with the reason of each. */
    refused: z.array(z.object({ engine: z.string(), reason: z.string() })).default([]),
  }),
  /** Something was wrong and the run goes on; worded as an error. */
  z.object({
    kind: z.literal('notice'),
    code: z.enum(stationErrorCodes),
    details: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
  /**
   * A run that was to be taken up begins anew, since readings or images of it are gone or withdrawn: what
   * it had stored (readings, pairs, points) no longer stands.
   */
  z.object({ kind: z.literal('restarted') }),
  /** What the snapshot holds: readings whose gaze takes part (at most 500 a message). */
  z.object({ kind: z.literal('readings'), readingIds: z.array(z.number().int()).max(500) }),
  /**
   * Images that take part, images left out because they cannot be decoded, and whether anything is
   * simulated. Sent before the readings and pairs, and again once the images are prepared.
   */
  z.object({
    kind: z.literal('snapshot'),
    images: z.number().int(),
    leftOut: z.number().int(),
    /** Readings left out because too much of their gaze is lost. */
    belowGate: z.number().int(),
    simulated: z.boolean(),
  }),
  /** At most 500 pairs a message. */
  z.object({
    kind: z.literal('pairs'),
    measure: z.enum(measureNames),
    pairs: z.array(minedPair).max(500),
  }),
  z.object({
    kind: z.literal('mined'),
    measure: z.enum(measureNames),
    threshold: z.number(),
    images: z.number().int(),
    compared: z.number().int(),
    found: z.number().int(),
    /** Pairs for which the measure is undefined (too short a scanpath, an empty map). */
    undefinedPairs: z.number().int(),
    groups: z.array(minedGroup),
    /** Absent where the assessments say nothing. */
    agreement: labelAgreement.optional(),
  }),
  z.object({
    kind: z.literal('progress'),
    stage: z.enum(runStages),
    done: z.number(),
    total: z.number(),
    /** Set in stage pretrain. Loss is the mean of the steps since the last report. */
    step: z.number().int().optional(),
    epoch: z.number().optional(),
    loss: z.number().optional(),
    learningRate: z.number().optional(),
    imagesPerSecond: z.number().optional(),
    secondsLeft: z.number().optional(),
    /** Mean standard deviation of the L2-normalised embeddings, times sqrt(dimension); near 0 = collapse. */
    embeddingSpread: z.number().optional(),
  }),
  /** Signatures that were made anew, for later runs; bytes in base64. At most 100 readings a message. */
  z.object({
    kind: z.literal('signatures'),
    measure: z.enum(measureNames),
    version: z.string(),
    readings: z
      .array(
        z.object({
          readingId: z.number().int(),
          /** Null without samples. */
          lostShare: z.number().nullable(),
          /** As SignedReading. */
          frames: z.string(),
          signatures: z.array(
            z.object({
              imageId: z.number().int(),
              bytes: z.base64().optional(),
              reason: z.enum(undefinedReasons).optional(),
            }),
          ),
        }),
      )
      .max(100),
  }),
  /** What the saved encoder is worth on the frozen split, or why nothing can be said. */
  z.object({ kind: z.literal('evaluation'), result: evaluationResult }),
  z.object({ kind: z.literal('checkpoint'), step: z.number().int(), path: z.string() }),
  z.object({ kind: z.literal('paused') }),
  z.object({ kind: z.literal('resumed') }),
  z.object({
    kind: z.literal('ended'),
    outcome: z.enum(['done', 'cancelled', 'failed']),
    error: z
      .object({
        code: z.enum(stationErrorCodes),
        details: z.record(z.string(), z.union([z.string(), z.number()])),
      })
      .optional(),
    /** outcome done with training: the encoder's file, relative to the run folder, with its SHA-256. */
    encoder: z
      .object({ file: z.string(), sha256: z.string(), parameters: z.number().int() })
      .optional(),
    /** outcome done of a check of weights: what is changed to make them fit, as sentences. */
    adapted: z.array(z.string()).optional(),
  }),
]);
export type TrainerReport = z.infer<typeof trainerReport>;
