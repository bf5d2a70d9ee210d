import { type DragEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { carriesFiles, listDropped } from '../components/dropped-files.ts';
import { ErrorLine } from '../components/error-line.tsx';
import { AddImages } from '../components/add-images.tsx';
import { ImportPanel } from '../components/import-panel.tsx';
import { keysAreTaken } from '../components/navigation-keys.ts';
import { RowGrid } from '../components/row-grid.tsx';
import { useKeys } from '../components/use-keys.ts';
import { useWorklistRows } from '../components/use-worklist-rows.ts';
import { worklistColumns } from '../components/worklist-columns.tsx';
import { WorklistFilters } from '../components/worklist-filters.tsx';
import { fillCount } from '../messages/fill.ts';
import { messages } from '../messages/en.ts';
import { toStationError } from '../station.ts';
import { usePageStores, useStore, type WorklistView } from '../store.ts';
import styles from './worklist-page.module.css';

const words = messages.worklist;
const unfiltered = { modality: null, status: null, text: '', cursor: 0, cursorStudyId: null };

/** Keys of the page that need no focus: / searches, i adds images. */
function usePageKeys(onSearch: () => void, onAdd: () => void): void {
  useKeys((event) => {
    if (keysAreTaken(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key !== '/' && event.key !== 'i') return;
    event.preventDefault();
    if (event.key === '/') onSearch();
    else onAdd();
  });
}

/** Studies to read: search, filter, open; images are added by button or by dropping them anywhere here. */
export function WorklistPage(): ReactNode {
  const { page, worklistView, importControl } = usePageStores();
  const view = useStore(worklistView);
  const shown = useWorklistRows(view);
  const rows = shown?.rows;
  const search = useRef<HTMLInputElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const [adding, setAdding] = useState(false);
  const [dragging, setDragging] = useState(false);

  const toSearch = useCallback(() => search.current?.focus(), []);
  const add = useCallback(() => setAdding(true), []);
  usePageKeys(toSearch, add);

  const change = (part: Partial<WorklistView>): void =>
    worklistView.set({ ...worklistView.get(), cursor: 0, cursorStudyId: null, ...part });
  const moveTo = useCallback(
    (cursor: number) =>
      worklistView.set({
        ...worklistView.get(),
        cursor,
        cursorStudyId: rows?.row(cursor)?.studyId ?? null,
      }),
    [worklistView, rows],
  );
  const seeRows = useCallback((first: number, last: number) => rows?.ensure(first, last), [rows]);

  const total = rows?.total ?? 0;
  const version = shown?.version ?? 0;
  // Rows were added or taken away: the cursor follows its study and never stands behind the last row.
  useEffect(() => {
    if (rows?.total === undefined || version === 0) return;
    const { cursor, cursorStudyId } = worklistView.get();
    const found =
      cursorStudyId === null ? undefined : rows.find((row) => row.studyId === cursorStudyId);
    const next = Math.max(0, Math.min(found ?? cursor, rows.total - 1));
    if (next !== cursor) moveTo(next);
    rows.ensure(next, next);
  }, [rows, version, worklistView, moveTo]);

  const drop = (event: DragEvent): void => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    setDragging(false);
    void importControl.upload(listDropped(event.dataTransfer));
  };
  const filtered = view.text !== '' || view.modality !== null || view.status !== null;
  return (
    <div
      ref={place}
      className={styles['page']}
      onDragEnter={(event) => setDragging(carriesFiles(event.dataTransfer))}
      onDragOver={(event) => {
        if (carriesFiles(event.dataTransfer)) event.preventDefault();
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDragging(false);
      }}
      onDrop={drop}
    >
      <header className={styles['head']}>
        <div className={styles['title']}>
          <h1>{words.title}</h1>
          {rows?.newest !== undefined && (
            <p className={styles['counts']} role="status">
              {fillCount(words.unread, rows.newest.unread)} · {fillCount(words.matching, total)}
            </p>
          )}
        </div>
        <WorklistFilters
          view={view}
          search={search}
          onChange={change}
          onToRows={() => place.current?.querySelector<HTMLElement>('[role="grid"]')?.focus()}
        />
        <AddImages isOpen={adding} onOpenChange={setAdding} />
      </header>
      <ImportPanel />
      {rows?.error !== undefined && <ErrorLine error={toStationError(rows.error)} />}
      {rows?.total === 0 ? (
        <div className={styles['empty']}>
          {filtered ? (
            <>
              <p>{words.noMatch}</p>
              <Button onPress={() => worklistView.set(unfiltered)}>{words.clearFilters}</Button>
            </>
          ) : (
            <>
              <h2>{words.emptyTitle}</h2>
              <p>{words.emptyExplain}</p>
            </>
          )}
        </div>
      ) : (
        <>
          <RowGrid
            label={words.title}
            columns={worklistColumns}
            count={total}
            row={(index) => rows?.row(index)}
            rowKey={(row) => row.studyId}
            cursor={view.cursor}
            onCursor={moveTo}
            onOpen={(row) => page.set({ kind: 'reading', studyId: row.studyId })}
            onVisible={seeRows}
            loading={words.loadingRow}
          />
          <p className={styles['hint']}>{words.hint}</p>
        </>
      )}
      {dragging && <div className={styles['drop']}>{messages.import.drop}</div>}
    </div>
  );
}
