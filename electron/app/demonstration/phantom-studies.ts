import {
  makePhantomCase,
  makePriorCase,
  type PhantomCase,
} from '../../../shared/imaging/phantom-case.ts';
import {
  lesionsIn,
  nippleIn,
  type PhantomView,
  screeningViews,
} from '../../../shared/imaging/phantom-shape.ts';
import { renderPhantom } from '../../../shared/imaging/phantom.ts';
import { createRandom } from '../../../shared/random.ts';
import { deriveUid } from './derive-uid.ts';
import { writePhantomDicom } from './phantom-dicom.ts';

const women = 6;
/** Women who were there before, from the first. */
const womenWithPrior = 2;

/** A place in a picture to look at; image pixels, centres at integers; `weight` in [0, 1]. */
export type Target = { readonly x: number; readonly y: number; readonly weight: number };

/** A simulated screening study, its pictures not yet drawn. */
export type PhantomStudy = {
  readonly studyUid: string;
  readonly patientName: string;
  readonly patientId: string;
  /** YYYYMMDD. */
  readonly studyDate: string;
  readonly woman: PhantomCase;
  readonly pictures: readonly {
    readonly view: PhantomView;
    readonly name: string;
    /** What a simulated reader looks at; the first is the nipple, findings follow. */
    readonly targets: readonly Target[];
    /** The whole DICOM file. */
    readonly write: () => Uint8Array;
  }[];
};

function makeStudy(
  seed: number,
  number: number,
  woman: PhantomCase,
  studyDate: string,
): PhantomStudy {
  const label = String(number + 1).padStart(2, '0');
  const patientId = `DEMONSTRATION-${label}`;
  const patientName = `Demonstration^Phantom ${label}`;
  const studyUid = deriveUid('fovea phantom study', seed, number, studyDate);
  return {
    studyUid,
    patientName,
    patientId,
    studyDate,
    woman,
    pictures: screeningViews.map((view, i) => {
      const name = `phantom-${label}-${studyDate}-${view.laterality}-${view.viewPosition}.dcm`;
      const write = (): Uint8Array =>
        writePhantomDicom(renderPhantom(woman, view), view, {
          studyUid,
          seriesUid: deriveUid(studyUid, 'series', i),
          instanceUid: deriveUid(studyUid, 'instance', i),
          implementationUid: deriveUid('fovea phantom writer'),
          patientName,
          patientId,
          studyDate,
          instanceNumber: i + 1,
        });
      const findings = lesionsIn(woman, view).map(({ x, y }) => ({ x, y, weight: 1 }));
      return {
        view,
        name,
        targets: [{ ...nippleIn(woman, view), weight: 0.2 }, ...findings],
        write,
      };
    }),
  };
}

/** The simulated screening studies of the demonstration library: the same seed gives the same bytes. */
export function makePhantomStudies(seed: number): readonly PhantomStudy[] {
  const random = createRandom(seed);
  return Array.from({ length: women }, (_, number) => {
    const woman = makePhantomCase(random, number);
    const current = makeStudy(seed, number, woman, `202603${String(10 + number)}`);
    if (number >= womenWithPrior) return [current];
    return [makeStudy(seed, number, makePriorCase(woman), `202402${String(10 + number)}`), current];
  }).flat();
}
