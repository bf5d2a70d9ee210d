import type { Random } from '../random.ts';
import type { Laterality } from './study.ts';

/** What a phantom can hide. */
export type PhantomFindingKind = 'mass' | 'calcifications';

/**
 * A finding inside a breast that both views project. All lengths are fractions of the breast's extent in
 * that direction.
 */
export type PhantomFinding = {
  readonly kind: PhantomFindingKind;
  readonly side: Laterality;
  /** 0 at the chest wall, 1 at the nipple. */
  readonly depth: number;
  /** -1 lateral, 1 medial: down in a CC view. */
  readonly medial: number;
  /** -1 cranial, 1 caudal: down in an MLO view. */
  readonly caudal: number;
  /** Radius in pixels. */
  readonly radiusPx: number;
};

/** Everything that decides the pixels of one simulated woman, beside the seed. */
export type PhantomCase = {
  readonly seed: number;
  /** Share of glandular tissue, 0 fatty to 1 dense. */
  readonly density: number;
  /** Distance of the nipple from the chest wall, as a fraction of the picture's width. */
  readonly nippleDepth: number;
  readonly findings: readonly PhantomFinding[];
};

/** The finding of each woman of the demonstration library by her number from 0; the rest has none. */
const kinds: readonly (PhantomFindingKind | undefined)[] = [
  'mass',
  'calcifications',
  undefined,
  'mass',
  'calcifications',
  undefined,
];

/**
 * A simulated woman. Women with the same kind of finding have it at much the same place, so that
 * readings of theirs are alike.
 */
export function makePhantomCase(random: Random, number: number): PhantomCase {
  const kind = kinds[number % kinds.length];
  const side: Laterality = random.next() < 0.5 ? 'L' : 'R';
  const jitter = (): number => (random.next() - 0.5) * 0.12;
  return {
    seed: random.uint32(),
    density: 0.3 + 0.5 * random.next(),
    nippleDepth: 0.62 + 0.12 * random.next(),
    findings:
      kind === undefined
        ? []
        : [
            {
              kind,
              side,
              depth: (kind === 'mass' ? 0.5 : 0.62) + jitter(),
              medial: (kind === 'mass' ? -0.4 : 0.3) + jitter(),
              caudal: (kind === 'mass' ? -0.1 : 0.35) + jitter(),
              radiusPx: kind === 'mass' ? 24 + 10 * random.next() : 18 + 6 * random.next(),
            },
          ],
  };
}

/** The same woman some years before: same breasts, findings not yet there. */
export function makePriorCase(current: PhantomCase): PhantomCase {
  return { ...current, findings: [], density: Math.min(0.9, current.density + 0.08) };
}
