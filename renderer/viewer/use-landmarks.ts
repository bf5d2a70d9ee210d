import { useState } from 'react';
import {
  type ImageLandmarks,
  type LandmarkKind,
  noLandmarks,
} from '../../shared/gaze/landmarks.ts';
import type { ImagePoint } from '../../shared/gaze/points.ts';
import type { StudyImage } from '../../shared/ipc/answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import { useRequest } from '../components/use-request.ts';
import { station, toStationError } from '../station.ts';

/** Steps of the cross from one side of the picture to the other; with Shift it goes pixel by pixel. */
const crossSteps = 100;

/** The keys that begin to mark a landmark. */
export const landmarkKeys = { disc: 'd', fovea: 'f' } as const satisfies Record<
  LandmarkKind,
  string
>;

const kindOfKey = (key: string): LandmarkKind | undefined =>
  (['disc', 'fovea'] as const).find((kind) => landmarkKeys[kind] === key.toLowerCase());

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Marks of an image and how a person sets them; places in image pixels, centres at integers. */
export type Landmarking = {
  readonly marks: ImageLandmarks;
  /** What is being marked, and where the keyboard's cross stands; undefined: nothing. */
  readonly marking: { readonly kind: LandmarkKind; readonly cross: ImagePoint } | undefined;
  readonly error: StationError | undefined;
  readonly begin: (kind: LandmarkKind) => void;
  readonly leave: () => void;
  /** Marks the place; null takes the mark back. */
  readonly set: (place: ImagePoint | null) => void;
  /** Whether the key belonged to marking. */
  readonly hear: (event: KeyboardEvent) => boolean;
};

/** Loads and changes the landmarks of an image; an undefined image has none and cannot be marked. */
export function useLandmarks(image: StudyImage | undefined): Landmarking {
  const imageId = image?.imageId;
  const loaded = useRequest('image.landmarks', imageId === undefined ? null : { imageId });
  const [changed, setChanged] = useState<{ imageId: number; marks: ImageLandmarks }>();
  const [started, setStarted] = useState<{
    imageId: number;
    kind: LandmarkKind;
    cross: ImagePoint;
  }>();
  const [failed, setFailed] = useState<StationError | undefined>();
  const marks = (changed?.imageId === imageId ? changed?.marks : loaded.value) ?? noLandmarks;
  const marking = started?.imageId === imageId ? started : undefined;

  const begin = (kind: LandmarkKind): void => {
    if (image === undefined) return;
    setFailed(undefined);
    const middle = { x: (image.columns - 1) / 2, y: (image.rows - 1) / 2 };
    setStarted({ imageId: image.imageId, kind, cross: marks[kind] ?? middle });
  };
  const leave = (): void => setStarted(undefined);
  const set = (place: ImagePoint | null): void => {
    if (marking === undefined) return;
    const { kind, imageId: marked } = marking;
    leave();
    station.ask('image.mark-landmark', { imageId: marked, kind, place }).then(
      (answer) => setChanged({ imageId: marked, marks: answer }),
      (error: unknown) => setFailed(toStationError(error)),
    );
  };
  const move = ([right, down]: readonly [number, number], finely: boolean): void => {
    if (image === undefined || marking === undefined) return;
    const { columns, rows } = image;
    const step = finely ? 1 : Math.max(1, Math.max(columns, rows) / crossSteps);
    const { x, y } = marking.cross;
    const cross = {
      x: Math.min(columns - 1, Math.max(0, x + right * step)),
      y: Math.min(rows - 1, Math.max(0, y + down * step)),
    };
    setStarted({ ...marking, cross });
  };
  const hear = (event: KeyboardEvent): boolean => {
    if (image === undefined || event.ctrlKey || event.altKey || event.metaKey) return false;
    const kind = kindOfKey(event.key);
    const direction = directions[event.key];
    if (kind !== undefined) begin(kind);
    else if (marking === undefined) return false;
    else if (event.key === 'Escape') leave();
    else if (event.key === 'Enter') set(marking.cross);
    else if (event.key === 'Delete' || event.key === 'Backspace') set(null);
    else if (direction !== undefined) move(direction, event.shiftKey);
    else return false;
    // Otherwise Enter would press the button that has the focus, and the arrows would move a slider.
    event.preventDefault();
    return true;
  };
  return { marks, marking, error: failed ?? loaded.error, begin, leave, set, hear };
}
