import { type ReactNode, useCallback, useState } from 'react';
import type { PairRow, RunRow } from '../../shared/ipc/answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import type { PairVerdict } from '../../shared/training/pair-verdicts.ts';
import {
  type MeasureName,
  measureNames,
  minedMeasures,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { Badges } from '../components/badge.tsx';
import { AgreementNote } from '../components/agreement-note.tsx';
import { ChanceHistogram } from '../components/chance-histogram.tsx';
import { ErrorLine } from '../components/error-line.tsx';
import { SelectField } from '../components/fields.tsx';
import { keysAreTaken } from '../components/navigation-keys.ts';
import { nextToJudge } from '../components/next-to-judge.ts';
import { openCase } from '../components/open-case.ts';
import { PairFilters } from '../components/pair-filters.tsx';
import { PairView } from '../components/pair-view.tsx';
import { type GridColumn, RowGrid } from '../components/row-grid.tsx';
import { type PairListFilter, usePairRows } from '../components/use-pair-rows.ts';
import { useKeys } from '../components/use-keys.ts';
import { useRequest } from '../components/use-request.ts';
import { fill, fillCount } from '../messages/fill.ts';
import { formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';
import { station, toStationError } from '../station.ts';
import { usePageStores } from '../store.ts';
import styles from './pairs-page.module.css';

const words = messages.pairs;

const columns: readonly GridColumn<PairRow>[] = [
  {
    name: 'relation',
    title: words.relation,
    width: '72px',
    cell: (pair) => pair.relation.toFixed(3),
  },
  {
    name: 'verdict',
    title: '',
    width: '38px',
    cell: ({ verdict }) =>
      verdict === null ? (
        ''
      ) : (
        <span aria-label={messages.cases.verdicts[verdict]}>{signs[verdict]}</span>
      ),
  },
  { name: 'a', title: words.side.a, width: 'minmax(0, 1fr)', cell: (pair) => pair.a.patient },
  { name: 'b', title: words.side.b, width: 'minmax(0, 1fr)', cell: (pair) => pair.b.patient },
];

const noFilter: PairListFilter = {
  atLeast: 0,
  reader: null,
  modality: null,
  view: null,
  verdict: null,
};

const isNarrowed = ({ reader, modality, view, verdict }: PairListFilter): boolean =>
  [reader, modality, view, verdict].some((part) => part !== null);

const signs = { accepted: '✓', refused: '✗' } as const;

function Pairs({
  run,
  measure,
}: {
  readonly run: RunRow;
  readonly measure: MeasureName;
}): ReactNode {
  const { page } = usePageStores();
  const { value: detail } = useRequest('run.detail', { runId: run.runId });
  const counts = detail?.mined.find((each) => each.measure === measure);
  const [filter, setFilter] = useState<PairListFilter>(noFilter);
  const { atLeast } = filter;
  const shown = usePairRows(run.runId, measure, filter);
  const [cursor, setCursor] = useState(0);
  const change = (next: PairListFilter): void => {
    setFilter(next);
    setCursor(0);
  };
  const lowest = (counts?.groups ?? []).reduce(
    (low, each) => Math.min(low, each.threshold ?? 1),
    1,
  );
  const rows = shown?.rows;
  const seeRows = useCallback((first: number, last: number) => rows?.ensure(first, last), [rows]);
  const answer = rows?.newest;
  const pair = rows?.row(cursor);
  const threshold = (Math.round(Math.max(answer?.threshold ?? 0, atLeast) * 1e4) / 1e4).toString();
  const [judgeError, setJudgeError] = useState<StationError>();
  const judge = async (verdict: PairVerdict): Promise<void> => {
    if (pair === undefined || rows === undefined) return;
    const { a, b } = pair;
    const takesBack = pair.verdict === verdict;
    try {
      setJudgeError(undefined);
      await station.ask('pair.judge', {
        imageA: a.image.imageId,
        imageB: b.image.imageId,
        verdict: takesBack ? null : verdict,
      });
      const next = takesBack
        ? cursor
        : nextToJudge(
            cursor,
            answer?.total ?? 0,
            (index) => rows.row(index),
            filter.verdict === 'to-judge',
          );
      rows.invalidate();
      rows.ensure(cursor, next);
      setCursor(next);
    } catch (error) {
      setJudgeError(toStationError(error));
    }
  };
  useKeys((event) => {
    if (keysAreTaken(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    const verdict = event.key === 'a' ? 'accepted' : event.key === 'v' ? 'refused' : undefined;
    if (verdict !== undefined) void judge(verdict);
    else if (event.key === 's' && pair !== undefined && pair.a.readingId !== null)
      openCase(page, pair.a.readingId, pair.a.image.imageId);
    else return;
    event.preventDefault();
  });
  return (
    <>
      <div className={styles['list']}>
        {rows?.error !== undefined && <ErrorLine error={toStationError(rows.error)} />}
        {counts !== undefined && counts.groups.length > 0 && (
          <ChanceHistogram
            groups={counts.groups}
            lowest={lowest}
            atLeast={Math.max(lowest, atLeast)}
            onAtLeast={(relation) => change({ ...filter, atLeast: relation })}
          />
        )}
        {counts !== undefined && <AgreementNote agreement={counts.agreement} />}
        <PairFilters runId={run.runId} filter={filter} onChange={change} />
        {answer !== undefined && (answer.total > 0 || counts !== undefined) && (
          <p className={styles['quiet']} role="status">
            {fillCount(
              {
                one: fill(words.above.one, { threshold }),
                many: fill(words.above.many, { threshold }),
              },
              answer.total,
            )}
          </p>
        )}
        {answer?.total === 0 && (
          <p>
            {isNarrowed(filter)
              ? words.noneOfFilter
              : detail !== undefined && counts === undefined
                ? words.notMined
                : words.noPairs}
          </p>
        )}
        {answer !== undefined && answer.total > 0 && (
          <>
            <RowGrid
              label={words.list}
              columns={columns}
              count={answer.total}
              row={(index) => rows?.row(index)}
              rowKey={(row) => row.pairId}
              cursor={cursor}
              onCursor={setCursor}
              onVisible={seeRows}
              loading={messages.worklist.loadingRow}
            />
            <p className={styles['quiet']}>{words.hint}</p>
          </>
        )}
      </div>
      <div className={styles['view']}>
        {judgeError !== undefined && <ErrorLine error={judgeError} />}
        {pair !== undefined && (
          <PairView
            key={pair.pairId}
            runId={run.runId}
            pair={pair}
            measure={measure}
            onJudge={(verdict) => void judge(verdict)}
          />
        )}
      </div>
    </>
  );
}

/** The measure of the positives, or the first that the run mines by. */
const firstMeasure = (configuration: RunConfiguration): MeasureName =>
  configuration.positivesFrom === 'by-modality'
    ? (minedMeasures(configuration)[0] ?? 'multimatch')
    : configuration.positivesFrom;

/** Mined pairs, most alike first, side by side with where they were looked at; for administrators. */
export function PairsPage({ firstRunId }: { readonly firstRunId: number | null }): ReactNode {
  const { value: runs, error } = useRequest('run.list', {});
  const [chosen, setChosen] = useState(firstRunId);
  const [measure, setMeasure] = useState<MeasureName>();
  const run =
    runs?.find((candidate) => candidate.runId === chosen) ??
    runs?.find((candidate) => Object.values(candidate.pairs).some((count) => count !== null)) ??
    runs?.[0];
  const shownMeasure =
    measure ?? (run === undefined ? 'multimatch' : firstMeasure(run.configuration));
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        <div>
          <h1>{words.title}</h1>
          <p className={styles['quiet']}>{words.explain}</p>
        </div>
        {run !== undefined && runs !== undefined && (
          <>
            <SelectField
              label={words.run}
              value={String(run.runId)}
              options={runs.map((row) => ({
                value: String(row.runId),
                text: fill(words.runOption, {
                  id: String(row.runId),
                  state: messages.training.states[row.state],
                  time: formatTime(row.createdAtMs),
                }),
              }))}
              onChange={(id) => setChosen(id === null ? null : Number(id))}
            />
            <SelectField
              label={words.measure}
              value={shownMeasure}
              options={measureNames.map((value) => ({
                value,
                text: messages.training.measures[value],
              }))}
              onChange={(value) => {
                if (value !== null) setMeasure(value);
              }}
            />
            <Badges simulated={run.simulated} />
          </>
        )}
      </header>
      {error !== undefined && <ErrorLine error={error} />}
      {runs?.length === 0 && <p>{words.noRuns}</p>}
      {run !== undefined && (
        <div className={styles['body']}>
          <Pairs key={`${run.runId} ${shownMeasure}`} run={run} measure={shownMeasure} />
        </div>
      )}
    </div>
  );
}
