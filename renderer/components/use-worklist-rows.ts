import { useEffect, useState } from 'react';
import type { WorklistPage, WorklistRow } from '../../shared/ipc/answers.ts';
import { station } from '../station.ts';
import type { WorklistView } from '../store.ts';
import { PagedRows } from './paged-rows.ts';

/** Rows of one view of the worklist; `version` grows whenever they change. */
export type WorklistRows = {
  readonly rows: PagedRows<WorklistRow, WorklistPage>;
  readonly version: number;
};

/** Rows for the view, kept fresh by `worklist.changed`; the old view's rows stay until the new one's have come. */
export function useWorklistRows(
  view: Pick<WorklistView, 'modality' | 'status' | 'text'>,
): WorklistRows | undefined {
  const { modality, status, text } = view;
  const [shown, setShown] = useState<WorklistRows>();
  useEffect(() => {
    const show = (): void => setShown((before) => ({ rows, version: (before?.version ?? 0) + 1 }));
    const rows = new PagedRows<WorklistRow, WorklistPage>(
      (offset, limit) =>
        station.ask('worklist.page', { modality, status, text: text.trim(), offset, limit }),
      show,
    );
    rows.ensure(0, 0);
    const leave = station.on('worklist.changed', () => {
      rows.invalidate();
      if (rows.total === undefined) rows.ensure(0, 0);
      else show();
    });
    return () => {
      leave();
      rows.close();
    };
  }, [modality, status, text]);
  return shown;
}
