import type { RunConfiguration } from '../../shared/training/run-configuration.ts';
import type { TrainEngine } from '../backend.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { describeStep } from '../models/describe-model.ts';
import { createByol } from './byol.ts';
import type { Method } from './method.ts';
import { createMoco } from './moco-v2.ts';
import { createSimclr } from './simclr.ts';
import { createSimsiam } from './simsiam.ts';

/** The method of a run over an engine, new or as a checkpoint left it. */
export function createMethod(
  configuration: RunConfiguration,
  { weights }: TrainEngine,
  totalIterations: number,
  restored: Pick<Checkpoint, 'method' | 'queueIds'> | undefined,
): Method {
  const { method } = configuration;
  switch (method) {
    case 'simsiam':
      return createSimsiam();
    case 'simclr':
      return createSimclr();
    case 'byol': {
      const { baseMomentum } = configuration;
      return createByol({
        baseMomentum,
        totalIterations,
        weights,
        ...(restored && { restored: restored.method }),
      });
    }
    case 'moco-v2': {
      const { queueLength, keyMomentum, ownKeys } = configuration;
      return createMoco({
        queueLength,
        dimension: describeStep(configuration).model.projector.lengths.at(-1) ?? 0,
        keyMomentum,
        ownKeys,
        weights,
        ...(restored && { restored: { state: restored.method, queueIds: restored.queueIds } }),
      });
    }
    default:
      return method satisfies never;
  }
}
