import { z } from 'zod';
import { StationError } from '../../shared/station-error.ts';
import { engineNames } from '../../shared/training/engine-names.ts';
import { isMemoryShortage } from '../memory-shortage.ts';

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

/**
 * What a refusal is about. `engine`: its numbers are wrong or it cannot do the step, here and the next time.
 * `memory`: there was too little. `moment`: anything that may be otherwise the next time (a time-out, a crash, a part
 * or a driver that is not there).
 */
export const refusalCauses = ['engine', 'memory', 'moment'] as const;

/** What a trial of an engine came to. */
export const checkOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('passed'), check: engineCheck }),
  z.object({
    kind: z.literal('refused'),
    reason: z.string(),
    cause: z.enum(refusalCauses),
  }),
]);
export type CheckOutcome = z.infer<typeof checkOutcome>;
export type Refusal = Extract<CheckOutcome, { readonly kind: 'refused' }>;

/**
 * The refusal of an engine whose check threw. Only what the check itself found (StationError engine-unavailable with
 * no other error behind it) is about the engine: a library that fails may have met a full machine or a lost device.
 */
export function refusalOf(error: unknown): Refusal {
  const found =
    error instanceof StationError && error.code === 'engine-unavailable' ? error : undefined;
  const reason =
    found?.details['reason'] ?? (error instanceof Error ? error.message : String(error));
  const isVerdict = found !== undefined && found.cause === undefined;
  const otherwise = isVerdict ? 'engine' : 'moment';
  return {
    kind: 'refused',
    reason: String(reason),
    cause: isMemoryShortage(error) ? 'memory' : otherwise,
  };
}

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
