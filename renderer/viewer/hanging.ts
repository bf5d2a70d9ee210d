import type { StudyImage } from '../../shared/ipc/answers.ts';
import type { Laterality, Modality } from '../../shared/imaging/study.ts';

/** Where an image hangs in its pane: chest walls meet in the middle; other images are centred. */
export type Anchor = 'left' | 'right' | 'centre';

export type HungPane = { readonly image: StudyImage; readonly anchor: Anchor };

/** Panes shown at one time, row by row. */
export type HangingPage = { readonly columns: number; readonly panes: readonly HungPane[] };

/** R hangs left of L, as if the patient stood before the reader; CC above MLO. */
const lateralityOrder: Readonly<Record<Laterality, number>> = { R: 0, L: 1 };
const viewOrder: readonly string[] = ['CC', 'MLO'];

function viewRank(view: string | null): number {
  const found = viewOrder.indexOf(view ?? '');
  return found < 0 ? viewOrder.length : found;
}

const sideRank = (image: StudyImage): number =>
  image.laterality === null ? 2 : lateralityOrder[image.laterality];

/** A right breast's chest wall is at the right edge of its image, and its pane stands left. */
function anchorOf(modality: Modality, { laterality }: StudyImage): Anchor {
  if (modality !== 'MG' || laterality === null) return 'centre';
  return laterality === 'R' ? 'right' : 'left';
}

/**
 * How a study's images hang: standard mammograms four at a time (R and L beside each other, CC above
 * MLO), pairs of eyes two at a time, everything else one by one.
 */
export function hangStudy(modality: Modality, images: readonly StudyImage[]): HangingPage[] {
  const hung = (image: StudyImage): HungPane => ({ image, anchor: anchorOf(modality, image) });
  const sided = images.filter((image) => image.laterality !== null);
  const rest = images.filter((image) => image.laterality === null);
  const perPage = modality === 'MG' ? 4 : 2;
  const pages: HangingPage[] = [];
  if (modality !== 'OT' && sided.length > 1) {
    const sorted = sided.toSorted(
      (a, b) =>
        viewRank(a.viewPosition) - viewRank(b.viewPosition) ||
        sideRank(a) - sideRank(b) ||
        a.imageId - b.imageId,
    );
    // Of several images of one view each page takes one, so that a page stays a full set.
    const remaining = [...sorted];
    while (remaining.length > 0) {
      const taken: StudyImage[] = [];
      for (const image of remaining.slice()) {
        const same = taken.some(
          (other) =>
            other.laterality === image.laterality && other.viewPosition === image.viewPosition,
        );
        if (same || taken.length === perPage) continue;
        taken.push(image);
        remaining.splice(remaining.indexOf(image), 1);
      }
      pages.push({ columns: taken.length === 1 ? 1 : 2, panes: taken.map(hung) });
    }
  } else rest.unshift(...sided);
  for (const image of rest) pages.push({ columns: 1, panes: [hung(image)] });
  return pages;
}
