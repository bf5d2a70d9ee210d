import { z } from 'zod';
import type {
  AliasChange,
  ModelCard,
  ModelComparison,
  ModelDetail,
  ModelList,
} from './model-answers.ts';
import { asks } from './request.ts';

const id = z.number().int().positive();

/** Requests of the registry; part of the contract. */
export const modelRequests = {
  /** Every model with its aliases, and who changed them. */
  'model.list': asks<ModelList>()('admin', z.object({})),
  /** One model with its lineage: run, pairs, readings, readers, images. Its file is hashed again. */
  'model.get': asks<ModelDetail>()('admin', z.object({ version: id })),
  /** Two models on the frozen split; `with` null: the champion. */
  'model.compare': asks<ModelComparison>()(
    'admin',
    z.object({ version: id, with: id.nullable().default(null) }),
  ),
  /**
   * Makes a model the champion. `shown` names what the person has been shown; where it is not what model.compare
   * gives now, or an evaluation is missing and no reason is given in words, nothing changes.
   */
  'model.promote': asks<AliasChange>()(
    'admin',
    z.object({
      version: id,
      reason: z.string().trim().max(2000),
      shown: z.object({
        championVersion: id.nullable(),
        championEvaluationId: id.nullable(),
        candidateEvaluationId: id.nullable(),
      }),
    }),
  ),
  /** Brings the champion before this one back. */
  'model.rollback': asks<AliasChange>()(
    'admin',
    z.object({ reason: z.string().trim().max(2000).default('') }),
  ),
  /** The model card as Markdown; it is written beside the model too. */
  'model.card': asks<ModelCard>()('admin', z.object({ version: id })),
  /** Deletes the file of a model that has no alias; what is known of it stays. */
  'model.delete-file': asks<ModelDetail>()('admin', z.object({ version: id })),
  /** Versions of the models that learnt from a reading. */
  'model.of-reading': asks<{ readonly versions: readonly number[] }>()(
    'reader',
    z.object({ readingId: id }),
  ),
} as const;
