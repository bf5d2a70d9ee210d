import type { ReactNode } from 'react';
import type { StudyDetail } from '../../shared/ipc/answers.ts';
import { messages } from '../messages/en.ts';
import styles from './earlier-studies.module.css';

const words = messages.reading;

type EarlierStudiesProps = {
  readonly study: StudyDetail;
  readonly shownId: number;
  readonly onShow: (studyId: number) => void;
};

/** The study that is read and the earlier ones of its patient, to be put on the screen in its place. */
export function EarlierStudies({ study, shownId, onShow }: EarlierStudiesProps): ReactNode {
  if (study.priors.length === 0) return <p className={styles['none']}>{words.noPriors}</p>;
  const all = [{ ...study, description: words.thisStudy }, ...study.priors];
  return (
    <div className={styles['list']} role="radiogroup" aria-label={words.priors}>
      {all.map(({ studyId, studyDate, description }) => (
        <button
          key={studyId}
          type="button"
          role="radio"
          aria-checked={studyId === shownId}
          onClick={() => onShow(studyId)}
        >
          <span>{studyDate}</span>
          <span>{description}</span>
        </button>
      ))}
      <p className={styles['none']}>
        <kbd>{words.swapKey}</kbd> {words.swapHint}
      </p>
    </div>
  );
}
