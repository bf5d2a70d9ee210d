import { useEffect, useState } from 'react';
import type { PairRow, PairsPage } from '../../shared/ipc/answers.ts';
import type { MeasureName } from '../../shared/training/run-configuration.ts';
import { station } from '../station.ts';
import { PagedRows } from './paged-rows.ts';

/** Pairs of one run and measure, most alike first; `version` grows whenever more have come. */
export type PairRows = {
  readonly rows: PagedRows<PairRow, PairsPage>;
  readonly version: number;
};

/** Fetches pairs as they come into view. */
export function usePairRows(
  runId: number,
  measure: MeasureName,
  atLeast: number,
): PairRows | undefined {
  const [shown, setShown] = useState<PairRows>();
  useEffect(() => {
    const rows = new PagedRows<PairRow, PairsPage>(
      (offset, limit) => station.ask('pair.page', { runId, measure, atLeast, offset, limit }),
      () => setShown((before) => ({ rows, version: (before?.version ?? 0) + 1 })),
    );
    rows.ensure(0, 0);
    return () => rows.close();
  }, [runId, measure, atLeast]);
  return shown;
}
