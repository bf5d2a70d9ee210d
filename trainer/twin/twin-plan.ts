import { z } from 'zod';
import { modalities } from '../../shared/imaging/study.ts';
import { refuseContradictions } from '../../shared/training/contradictions.ts';
import {
  measureNames,
  readerPolicies,
  runConfiguration,
} from '../../shared/training/run-configuration.ts';

const share = z.number().min(0).max(1);

/** One arm of a twin run: what gaze gives the positives. */
const twinArm = z.object({
  name: z.string().regex(/^[\w-]+$/u),
  /** Table of gaze; null: without gaze. */
  gaze: z.string().nullable(),
  /** True: each image gets the gaze of another of its side and view. */
  shuffled: z.boolean(),
  /** True: made by a program, and called SIMULATED wherever the arm stands. */
  simulated: z.boolean(),
  /** False: the encoder stays as it was drawn. */
  trained: z.boolean(),
  /** What the arm is there for, in one sentence. */
  describes: z.string(),
});
export type TwinArm = Readonly<z.infer<typeof twinArm>>;

/** Everything that decides what a twin run gives, beside the contents of its files. */
export const twinPlan = z.object({
  title: z.string(),
  imageFolder: z.string(),
  labelsFile: z.string(),
  /** The first is the baseline, from which the others are told apart. */
  arms: z.array(twinArm).min(1),
  seeds: z.array(z.number().int().min(0)).min(1),
  /** Share of the patients, by hash, on whom encoders are judged; nothing of them trains. */
  testShare: z.number().min(0.05).max(0.9),
  /** How every arm is pre-trained; the rest is as in the station's demonstration run. */
  recipe: runConfiguration
    .pick({
      method: true,
      encoder: true,
      imageSide: true,
      recipe: true,
      batchImages: true,
      epochs: true,
      warmupEpochs: true,
      learningRate: true,
      weightDecay: true,
      temperature: true,
      queueLength: true,
      keyMomentum: true,
      baseMomentum: true,
      engine: true,
    })
    .superRefine(refuseContradictions),
  mining: z.object({
    modality: z.enum(modalities),
    measure: z.enum(measureNames),
    rule: z.union([
      z.strictObject({ fixed: share }),
      z.strictObject({ falsePositiveRate: z.number().min(0.0005).max(0.5) }),
    ]),
    readerPolicy: z.enum(readerPolicies),
    samePatientPairs: z.boolean(),
    maxLostShare: share,
    pxPerDegree: z.number().positive().nullable(),
    seed: z.number().int().min(0),
  }),
  /** Paragraphs for the report: where images, labels and gaze come from, what the figures can and cannot show. */
  remarks: z.array(z.string()),
});
export type TwinPlan = Readonly<z.infer<typeof twinPlan>>;
