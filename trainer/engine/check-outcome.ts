import { z } from 'zod';
import { engineNames } from '../../shared/training/engine-names.ts';

const deviation = z.object({
  loss: z.number(),
  gradients: z.number(),
  weight: z.string(),
  seeds: z.number().int(),
});

const engineCheck = z.object({
  engine: z.string(),
  golden: deviation,
  ownSide: deviation.optional(),
  stepMs: z.number(),
  referenceMs: z.number(),
});

/** What a trial of an engine came to. */
export const checkOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('passed'), check: engineCheck }),
  z.object({ kind: z.literal('refused'), reason: z.string() }),
]);
export type CheckOutcome = z.infer<typeof checkOutcome>;

/** What the process that tries engines answers. */
export const checkAnswer = z.discriminatedUnion('kind', [
  ...checkOutcome.options,
  z.object({
    kind: z.literal('adapter'),
    adapter: z.object({ name: z.string(), isSoftware: z.boolean() }).nullable(),
  }),
]);
export type CheckAnswer = z.infer<typeof checkAnswer>;

/** What it sends before its answer, once the engine has given the gradients of the stored steps. */
export const checkHalfway = z.object({ kind: z.literal('golden-passed') });
export type CheckHalfway = z.infer<typeof checkHalfway>;

/** The engine of a run, as its record keeps it. */
export const engineRecord = z.object({
  name: z.enum(engineNames),
  /** In words, with its version. */
  engine: z.string(),
  reason: z.string(),
  check: engineCheck,
  /** Every other engine, with the reason. */
  refused: z.array(z.object({ engine: z.string(), reason: z.string() })),
});
export type EngineRecord = z.infer<typeof engineRecord>;
