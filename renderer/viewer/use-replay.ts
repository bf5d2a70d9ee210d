import { useEffect, useState } from 'react';
import { toGeometry } from '../../shared/gaze/geometry.ts';
import { type ImageGaze, splitByImage } from '../../shared/gaze/image-gaze.ts';
import type { ReadingReplay } from '../../shared/ipc/answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import { station, toStationError } from '../station.ts';

/** A reading with its gaze laid on its images. */
export type LoadedReplay = {
  readonly replay: ReadingReplay;
  readonly gaze: readonly ImageGaze[];
};

/** Maps a reading's raw gaze to the images of its study. */
export function analyseReplay(replay: ReadingReplay): LoadedReplay {
  const sizes = new Map(replay.study.imageList.map((image) => [image.imageId, image]));
  const geometry = toGeometry(replay.screen);
  return { replay, gaze: splitByImage(replay.sampleList, replay.stateList, sizes, geometry) };
}

/** Loads a reading; null: nothing is to be loaded. */
export function useReplay(readingId: number | null): {
  readonly loaded: LoadedReplay | undefined;
  readonly error: StationError | undefined;
} {
  const [loaded, setLoaded] = useState<LoadedReplay | undefined>();
  const [error, setError] = useState<StationError | undefined>();
  useEffect(() => {
    let gone = false;
    if (readingId !== null)
      station.ask('reading.replay', { readingId }).then(
        (replay) => {
          if (!gone) setLoaded(analyseReplay(replay));
        },
        (reason: unknown) => {
          if (!gone) setError(toStationError(reason));
        },
      );
    return () => {
      gone = true;
    };
  }, [readingId]);
  const current = loaded?.replay.readingId === readingId ? loaded : undefined;
  return { loaded: current, error };
}
