import type { AreAlike } from '../methods/method.ts';
import { emptySlot } from '../methods/memory-queue.ts';

/** True: what the published code does (mcgip section 7), for comparison with it. */
export type PublishedLabels = { readonly asPublished?: boolean };

/**
 * Label matrix of a batch for latent prediction (BYOL, SimSiam): 1 on the diagonal, where two rows are the same
 * image, and where they were looked at alike. `[batch, batch]`, symmetric. As published two rows of one image
 * are positive only where the image is alike to itself.
 */
export function batchPositives(
  imageIds: readonly number[],
  alike: AreAlike,
  { asPublished = false }: PublishedLabels = {},
): Float32Array {
  const n = imageIds.length;
  const labels = new Float32Array(n * n);
  for (const [i, a] of imageIds.entries()) {
    labels[i * n + i] = 1;
    for (const [k, b] of imageIds.slice(i + 1).entries()) {
      const j = i + 1 + k;
      if ((a === b && !asPublished) || alike(a, b)) labels[i * n + j] = labels[j * n + i] = 1;
    }
  }
  return labels;
}

/** What an earlier key of the row's own image is: a positive, a negative, or left out of the loss. */
export type OwnKeys = 'positive' | 'negative' | 'left-out';

/** As published the batch row i has no positive in SLOT i, and no slot counts as empty. */
export type QueuePolicy = { readonly ownKeys: OwnKeys } | { readonly asPublished: true };

/** Both `[batch, slots]`, 1 or 0. */
export type QueueLabels = {
  readonly positives: Float32Array;
  /** 1 where the slot takes no part for this row. */
  readonly masked: Uint8Array;
};

/**
 * Labels of a batch against MoCo's queue: keys of images looked at alike are positives, earlier keys of the same
 * image, found by id, are what the policy says, empty slots take no part.
 */
export function queueLabels(
  imageIds: readonly number[],
  queueIds: readonly number[],
  alike: AreAlike,
  policy: QueuePolicy,
): QueueLabels {
  const slots = queueIds.length;
  const positives = new Float32Array(imageIds.length * slots);
  const masked = new Uint8Array(imageIds.length * slots);
  for (const [i, image] of imageIds.entries())
    for (const [slot, queued] of queueIds.entries()) {
      const at = i * slots + slot;
      if ('asPublished' in policy) positives[at] = Number(i !== slot && alike(image, queued));
      else if (queued === emptySlot) masked[at] = 1;
      else if (queued !== image) positives[at] = Number(alike(image, queued));
      else if (policy.ownKeys === 'positive') positives[at] = 1;
      else if (policy.ownKeys === 'left-out') masked[at] = 1;
    }
  return { positives, masked };
}

/**
 * Labels of a batch for SimCLR, `[2 batch, 2 batch]`, view 1 above view 2, diagonal 0: the two views of an image,
 * and all views of images looked at alike (all four blocks). As published images looked at alike are
 * positives only between their first views.
 */
export function viewPositives(
  imageIds: readonly number[],
  alike: AreAlike,
  { asPublished = false }: PublishedLabels = {},
): Float32Array {
  const n = imageIds.length;
  const pairs = batchPositives(imageIds, alike, { asPublished });
  const labels = new Float32Array(4 * n * n);
  for (let i = 0; i < 2 * n; i += 1)
    for (let j = 0; j < 2 * n; j += 1) {
      const own = i % n === j % n;
      const inFirstBlock = i < n && j < n;
      if (i !== j && (own || inFirstBlock || !asPublished))
        labels[i * 2 * n + j] = own ? 1 : (pairs[(i % n) * n + (j % n)] ?? 0);
    }
  return labels;
}
