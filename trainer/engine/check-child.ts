import { z } from 'zod';
import { engineNames } from '../../shared/training/engine-names.ts';
import type { StepDescription } from '../backend.ts';
import { giveWay } from '../give-way.ts';
import { findAdapter } from './adapter.ts';
import { type CheckAnswer, type CheckHalfway, refusalOf } from './check-outcome.ts';

/**
 * A process that tries one engine for the trainer and answers what came out: a crash in a native library ends this
 * process and not the run.
 */
const question = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('check'),
    engine: z.enum(engineNames),
    step: z.custom<StepDescription>((value) => typeof value === 'object' && value !== null),
    threads: z.number().int().min(1),
  }),
  z.object({ kind: z.literal('adapter') }),
]);

async function answer(asked: z.infer<typeof question>): Promise<CheckAnswer> {
  try {
    if (asked.kind === 'adapter')
      return { kind: 'adapter', adapter: (await findAdapter()) ?? null };
    const { engine, step, threads } = asked;
    // Not for the adapter, which every start looks for.
    const { checkEngine } = await import('./self-check.ts');
    const halfway: CheckHalfway = { kind: 'golden-passed' };
    const check = await checkEngine(engine, step, threads, {
      nowMs: () => performance.now(),
      onGolden: () => void process.send?.(halfway),
    });
    return { kind: 'passed', check };
  } catch (error) {
    return refusalOf(error);
  }
}

giveWay();
process.once('message', (message) => {
  void answer(question.parse(message)).then((found) =>
    // Some libraries crash while a process ends by itself: the answer goes out first.
    process.send?.(found, undefined, undefined, () => process.exit(0)),
  );
});
process.once('disconnect', () => process.exit(0));
