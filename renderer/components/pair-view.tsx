import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { PairRow } from '../../shared/ipc/answers.ts';
import type { ExplainedNumber, PairExplanation } from '../../shared/ipc/case-answers.ts';
import type { PairVerdict } from '../../shared/training/pair-verdicts.ts';
import type { MeasureName } from '../../shared/training/run-configuration.ts';
import { fill, fillCount } from '../messages/fill.ts';
import { formatFigure, formatPercentile } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { markLooks } from './aligned-marks.ts';
import { AlignmentStrip } from './alignment-strip.tsx';
import { JoinLine } from './join-line.tsx';
import { LayerToggles, type ShownLayers, toggleLayer, usualLayers } from './layer-toggles.tsx';
import { keysAreTaken } from './navigation-keys.ts';
import { PairSideView } from './pair-side.tsx';
import { useKeys } from './use-keys.ts';
import { useRequest } from './use-request.ts';
import styles from './pair-view.module.css';

const words = messages.pairs;
const caseWords = messages.cases;

function Figure({
  name,
  value,
  explained,
}: {
  readonly name: string;
  readonly value: number;
  readonly explained?: ExplainedNumber | undefined;
}): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{formatFigure(value)}</dd>
      {explained !== undefined && (
        <dd className={styles['chance']}>
          {explained.percentile === null
            ? caseWords.percentileUnknown
            : fill(caseWords.percentile, { percent: formatPercentile(explained.percentile) })}
        </dd>
      )}
    </div>
  );
}

function Figures({
  pair,
  measure,
  explained,
}: {
  readonly pair: PairRow;
  readonly measure: MeasureName;
  readonly explained: PairExplanation | undefined;
}): ReactNode {
  const names: readonly string[] = words.similarity[measure];
  const plain = [
    [words.pValue, pair.pValue],
    [words.qValue, pair.qValue],
  ] as const;
  return (
    <dl className={styles['figures']}>
      <Figure name={words.relation} value={pair.relation} explained={explained?.relation} />
      {pair.similarity.map((value, index) => (
        <Figure
          key={names[index] ?? index}
          name={names[index] ?? ''}
          value={value}
          explained={explained?.similarity[index]}
        />
      ))}
      {plain.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value.toFixed(4)}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** Moves through the steps by the arrow keys; undefined where the key does not. */
function moveStep(key: string, chosen: number | undefined, count: number): number | undefined {
  if (count === 0) return undefined;
  if (key === 'ArrowRight') return Math.min(count - 1, (chosen ?? -1) + 1);
  if (key === 'ArrowLeft') return Math.max(0, (chosen ?? count) - 1);
  return undefined;
}

/** One pair: how alike by each number of the measure, what was aligned, and both images with their gaze. */
export function PairView({
  runId,
  pair,
  measure,
  onJudge,
}: {
  readonly runId: number;
  readonly pair: PairRow;
  readonly measure: MeasureName;
  readonly onJudge: (verdict: PairVerdict) => void;
}): ReactNode {
  const { value: explained } = useRequest('pair.explain', {
    runId,
    measure,
    imageA: pair.a.image.imageId,
    imageB: pair.b.image.imageId,
  });
  const [layers, setLayers] = useState<ShownLayers>(usualLayers);
  const [chosen, setChosen] = useState<number>();
  const [drawn, setDrawn] = useState(0);
  const sides = useRef<HTMLDivElement>(null);
  const onDrawn = useCallback(() => setDrawn((before) => before + 1), []);
  const alignment = explained?.alignment ?? undefined;
  const marks = useMemo(
    () =>
      alignment === undefined
        ? undefined
        : { a: markLooks(alignment, 'a', chosen), b: markLooks(alignment, 'b', chosen) },
    [alignment, chosen],
  );
  useKeys((event) => {
    if (keysAreTaken(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    const toggled = toggleLayer(event.key, layers);
    const step = moveStep(event.key, chosen, alignment?.steps.length ?? 0);
    if (toggled !== undefined) setLayers(toggled);
    else if (step === undefined) return;
    else setChosen(step);
    event.preventDefault();
  });
  const shared = layers.shared ? explained : undefined;
  const clusters = explained?.a.clusters.length ?? 0;
  return (
    <section className={styles['pair']} data-testid="pair" data-pair={pair.pairId}>
      <Figures pair={pair} measure={measure} explained={explained} />
      <div className={styles['veto']}>
        <Button onPress={() => onJudge('accepted')}>
          {pair.verdict === 'accepted' ? caseWords.takeBack : caseWords.accept}{' '}
          <kbd>{caseWords.acceptKey}</kbd>
        </Button>
        <Button onPress={() => onJudge('refused')}>
          {pair.verdict === 'refused' ? words.unveto : words.veto} <kbd>{words.vetoKey}</kbd>
        </Button>
        {pair.verdict !== null && (
          <span role="status" data-verdict={pair.verdict}>
            {pair.verdict === 'refused' ? words.vetoed : caseWords.accepted}
          </span>
        )}
        <LayerToggles layers={layers} onChange={setLayers} withShared />
        <span className={styles['quiet']}>
          {fillCount(caseWords.readingPairs, pair.readingPairs)}
          {clusters > 0 && ` ${fillCount(caseWords.clusters, clusters)}`}
        </span>
      </div>
      <div className={styles['sides']} ref={sides}>
        <PairSideView
          title={words.side.a}
          side={pair.a}
          layers={layers}
          shared={shared?.a}
          marks={marks?.a}
          onDrawn={onDrawn}
        />
        <PairSideView
          title={words.side.b}
          side={pair.b}
          layers={layers}
          shared={shared?.b}
          marks={marks?.b}
          onDrawn={onDrawn}
        />
        <JoinLine frame={sides} round={drawn} />
      </div>
      {alignment !== undefined && (
        <AlignmentStrip alignment={alignment} chosen={chosen} onChoose={setChosen} />
      )}
    </section>
  );
}
