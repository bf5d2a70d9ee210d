import { z } from 'zod';
import { newRunConfiguration } from '../training/contradictions.ts';
import { trainingRules } from '../training/hold-reasons.ts';
import { encoderNames } from '../training/run-configuration.ts';
import { schedule } from '../training/schedule.ts';
import type { RunDetail, RunRow, ScheduleState, Settings } from './answers.ts';
import { type InitialWeightsChoice, initialWeightsChoice } from '../training/initial-weights.ts';
import { asks } from './request.ts';

const id = z.number().int().positive();

/** Requests of runs, their queue and their schedule; part of the contract. */
export const runRequests = {
  'run.list': asks<readonly RunRow[]>()('admin', z.object({})),
  'run.detail': asks<RunDetail>()('admin', z.object({ runId: id })),
  'run.start': asks<{ readonly runId: number }>()('admin', newRunConfiguration),
  /** Lets a file of weights be chosen with the host's own dialog and keeps a copy; null where the person cancels. */
  'weights.choose': asks<InitialWeightsChoice | null>()('admin', z.object({})),
  /**
   * Looks before a run whether the weights fit its encoder; answers what is changed to make them fit, as sentences.
   * Refused with weights-unreadable, weights-do-not-fit or file-missing.
   */
  'weights.check': asks<{ readonly adapted: readonly string[] }>()(
    'admin',
    z.object({
      initialWeights: initialWeightsChoice,
      encoder: z.enum(encoderNames),
      imageSide: z.number().int().positive(),
      imageWidth: z.number().int().positive().nullable(),
    }),
  ),
  'run.pause': asks<Record<string, never>>()('admin', z.object({ runId: id })),
  'run.resume': asks<Record<string, never>>()('admin', z.object({ runId: id })),
  'run.cancel': asks<Record<string, never>>()('admin', z.object({ runId: id })),
  /** Changes places with the waiting run before (up) or after (down) it. */
  'run.move': asks<Record<string, never>>()(
    'admin',
    z.object({ runId: id, direction: z.enum(['up', 'down']) }),
  ),
  'schedule.get': asks<ScheduleState>()('admin', z.object({})),
  'schedule.set': asks<ScheduleState>()('admin', schedule),
  /** What training gives way to. */
  'training-rules.set': asks<Settings>()('admin', z.object({ trainingRules })),
} as const;
