import { useCallback, useRef, useState } from 'react';
import type { StudyDetail } from '../../shared/ipc/answers.ts';
import { wordError } from '../../shared/messages/error-messages.ts';
import { station, toStationError } from '../station.ts';

/** Which study is on the screen: the one that is read, or an earlier one of the same patient to compare it with. */
export type ShownStudy = {
  readonly shown: StudyDetail;
  readonly isEarlier: boolean;
  /** Why an earlier study could not be opened. */
  readonly trouble: string | undefined;
  /** Shows the study with this id: an earlier one, or the one that is read. */
  readonly show: (studyId: number) => void;
  /** To the newest earlier study where there is one, and back. */
  readonly swap: () => void;
};

export function useShownStudy(read: StudyDetail): ShownStudy {
  const [earlier, setEarlier] = useState<StudyDetail | undefined>();
  const [trouble, setTrouble] = useState<string | undefined>();
  const asked = useRef(read.studyId);
  const show = useCallback(
    (studyId: number) => {
      asked.current = studyId;
      setTrouble(undefined);
      if (studyId === read.studyId) {
        setEarlier(undefined);
        return;
      }
      // Of two that were asked for at nearly the same time the later one is shown.
      const isWanted = (): boolean => asked.current === studyId;
      station.ask('study.open', { studyId }).then(
        (study) => {
          if (isWanted()) setEarlier(study);
        },
        (error: unknown) => {
          if (isWanted()) setTrouble(wordError(toStationError(error)));
        },
      );
    },
    [read.studyId],
  );
  const newest = read.priors[0]?.studyId;
  const swap = useCallback(() => {
    if (newest !== undefined) show(asked.current === read.studyId ? newest : read.studyId);
  }, [newest, read.studyId, show]);
  return { shown: earlier ?? read, isEarlier: earlier !== undefined, trouble, show, swap };
}
