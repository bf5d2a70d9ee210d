import type { SnapshotImage } from '../../shared/database/snapshot.ts';

/**
 * Whether two images may be a pair: same kind of image (mammograms only of the same view), different
 * patients.
 */
export function mayPair(a: SnapshotImage, b: SnapshotImage): boolean {
  return (
    a.modality === b.modality &&
    a.patientKey !== b.patientKey &&
    (a.viewPosition === null || b.viewPosition === null || a.viewPosition === b.viewPosition)
  );
}

/** Kind of image whose pairs share a null distribution: modality and, where it is known of both, view. */
export function groupOf(a: SnapshotImage, b: SnapshotImage): string {
  const view = a.viewPosition ?? b.viewPosition;
  return view === null ? a.modality : `${a.modality} ${view}`;
}
