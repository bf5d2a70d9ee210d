import { useEffect, useState } from 'react';
import type { PairRow, PairsPage } from '../../shared/ipc/answers.ts';
import type { Input } from '../../shared/ipc/contract.ts';
import type { MeasureName } from '../../shared/training/run-configuration.ts';
import { station } from '../station.ts';
import { PagedRows } from './paged-rows.ts';

/** Pairs of one run and measure, most alike first; `version` grows whenever more have come. */
export type PairRows = {
  readonly rows: PagedRows<PairRow, PairsPage>;
  readonly version: number;
};

/** Which pairs are listed. */
export type PairListFilter = Required<
  Pick<Input<'pair.page'>, 'atLeast' | 'reader' | 'modality' | 'view' | 'verdict'>
>;

/** Fetches pairs as they come into view; `filter` counts by its content. */
export function usePairRows(
  runId: number,
  measure: MeasureName,
  filter: PairListFilter,
): PairRows | undefined {
  const [shown, setShown] = useState<PairRows>();
  const key = JSON.stringify(filter);
  useEffect(() => {
    const chosen = JSON.parse(key) as PairListFilter;
    const rows = new PagedRows<PairRow, PairsPage>(
      (offset, limit) => station.ask('pair.page', { ...chosen, runId, measure, offset, limit }),
      () => setShown((before) => ({ rows, version: (before?.version ?? 0) + 1 })),
    );
    rows.ensure(0, 0);
    return () => rows.close();
  }, [runId, measure, key]);
  return shown;
}
