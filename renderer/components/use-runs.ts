import { useEffect, useState } from 'react';
import type { RunDetail, RunRow } from '../../shared/ipc/answers.ts';
import type { StationError } from '../../shared/station-error.ts';
import { station, toStationError } from '../station.ts';
import { coalesce } from './coalesce.ts';
import { mergeRunDetail, mergeRunRow, opensChapter } from './merge-run.ts';

/** Something asked for and kept fresh by run events. */
export type Live<Value> = { readonly value?: Value; readonly error?: StationError };

/** Every run, newest first, kept fresh. */
export function useRuns(): Live<readonly RunRow[]> {
  const [runs, setRuns] = useState<Live<readonly RunRow[]>>({});
  useEffect(() => {
    let wanted = true;
    const ask = async (): Promise<void> => {
      try {
        const value = await station.ask('run.list', {});
        if (wanted) setRuns({ value });
      } catch (thrown) {
        if (wanted) setRuns({ error: toStationError(thrown) });
      }
    };
    const leave = station.on('run.event', (event) =>
      setRuns((before) =>
        before.value === undefined ? before : { value: mergeRunRow(before.value, event) },
      ),
    );
    void ask();
    return () => {
      wanted = false;
      leave();
    };
  }, []);
  return runs;
}

/** One run with its curve, kept fresh; asked for again at each new stage or state. */
export function useRunDetail(runId: number): Live<RunDetail> {
  const [held, setHeld] = useState<Live<RunDetail> & { readonly runId: number }>({ runId });
  useEffect(() => {
    let wanted = true;
    let newest: RunRow | undefined;
    const ask = coalesce(async () => {
      try {
        const value = await station.ask('run.detail', { runId });
        if (wanted) setHeld({ runId, value });
      } catch (thrown) {
        if (wanted) setHeld({ runId, error: toStationError(thrown) });
      }
    });
    const leave = station.on('run.event', (event) => {
      if (event.runId !== runId) return;
      setHeld((before) =>
        before.value === undefined || before.runId !== runId
          ? before
          : { runId, value: mergeRunDetail(before.value, event) },
      );
      if (opensChapter(newest, event)) ask();
      newest = event.row;
    });
    ask();
    return () => {
      wanted = false;
      leave();
    };
  }, [runId]);
  return held.runId === runId ? held : {};
}
