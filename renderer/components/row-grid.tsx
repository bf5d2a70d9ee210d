import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
} from 'react';
import { moveCursor } from './list-keys.ts';
import styles from './row-grid.module.css';

/** Height of a row in CSS pixels; the same as --row-height. */
const rowHeightPx = 34;
/** Height of the head in CSS pixels; the same as --head-height. */
const headHeightPx = 31;

export type GridColumn<Row> = {
  readonly name: string;
  readonly title: string;
  /** One track of grid-template-columns. */
  readonly width: string;
  /** Left out where the list is narrow, so that names keep their room. */
  readonly spare?: true;
  readonly cell: (row: Row) => ReactNode;
};

type RowGridProps<Row> = {
  readonly label: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly count: number;
  /** Undefined while the row has not come. */
  readonly row: (index: number) => Row | undefined;
  readonly rowKey: (row: Row) => number;
  readonly cursor: number;
  readonly onCursor: (index: number) => void;
  readonly onOpen?: (row: Row) => void;
  /** Rows that are drawn, first to last. */
  readonly onVisible?: (first: number, last: number) => void;
  readonly loading: string;
};

/** Focuses a list where nothing else holds the focus, so that its keys work at once. */
function focusIfFree(element: HTMLElement | null): void {
  const held = document.activeElement;
  if (held === null || held === document.body || held.id === 'content') element?.focus();
}

/** A cell; the pointer shows what is cut off of its text. */
function Cell<Row>({
  column,
  row,
}: {
  readonly column: GridColumn<Row>;
  readonly row: Row;
}): ReactNode {
  const content = column.cell(row);
  return (
    <div
      role="gridcell"
      className={styles['cell']}
      data-spare={column.spare}
      title={typeof content === 'string' ? content : undefined}
    >
      {content}
    </div>
  );
}

/** A table of any length with one row under the keyboard; only rows in view are in the document. */
export function RowGrid<Row>(props: RowGridProps<Row>): ReactNode {
  const { label, columns, count, cursor, onCursor, onOpen, onVisible } = props;
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- no React Compiler memoises this page
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    overscan: 8,
    scrollMargin: headHeightPx,
    scrollPaddingStart: headHeightPx,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => focusIfFree(grid.current), []);
  useEffect(() => onVisible?.(first, last), [onVisible, first, last]);
  useEffect(() => {
    if (cursor < count) virtualizer.scrollToIndex(cursor, { align: 'auto' });
  }, [cursor, count, virtualizer]);

  const press = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const under = props.row(cursor);
    if (event.key === 'Enter' && under !== undefined && onOpen !== undefined) {
      event.preventDefault();
      onOpen(under);
      return;
    }
    const screen = Math.floor(((scroller.current?.clientHeight ?? 0) - headHeightPx) / rowHeightPx);
    const next = moveCursor(event.key, cursor, count, screen);
    if (next === undefined) return;
    event.preventDefault();
    onCursor(next);
  };

  const tracksOf = (some: readonly GridColumn<Row>[]): string =>
    some.map((column) => column.width).join(' ');
  const tracks = {
    '--tracks': tracksOf(columns),
    '--narrow-tracks': tracksOf(columns.filter(({ spare }) => spare !== true)),
  } as CSSProperties;
  return (
    <div
      ref={grid}
      role="grid"
      tabIndex={0}
      className={styles['grid']}
      aria-label={label}
      aria-rowcount={count + 1}
      aria-activedescendant={count > 0 ? `${id}-${cursor}` : undefined}
      onKeyDown={press}
    >
      {/* Its rows are moved through from the grid: no stop of its own for Tab. */}
      <div ref={scroller} className={styles['scroller']} role="presentation" tabIndex={-1}>
        <div role="row" aria-rowindex={1} className={styles['head']} style={tracks}>
          {columns.map((column) => (
            <div
              key={column.name}
              role="columnheader"
              className={styles['cell']}
              data-spare={column.spare}
            >
              {column.title}
            </div>
          ))}
        </div>
        <div
          role="presentation"
          className={styles['rows']}
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map((item) => {
            const row = props.row(item.index);
            return (
              <div
                key={item.index}
                id={`${id}-${item.index}`}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={item.index === cursor}
                data-row={row === undefined ? undefined : props.rowKey(row)}
                className={styles['row']}
                style={{ ...tracks, transform: `translateY(${item.start - headHeightPx}px)` }}
                onClick={() => onCursor(item.index)}
                onDoubleClick={() => {
                  if (row !== undefined) onOpen?.(row);
                }}
              >
                {row === undefined ? (
                  <div role="gridcell" className={styles['waiting']}>
                    {props.loading}
                  </div>
                ) : (
                  columns.map((column) => <Cell key={column.name} column={column} row={row} />)
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
