import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coalesce } from '../../../renderer/components/coalesce.ts';
import { moveCursor } from '../../../renderer/components/list-keys.ts';
import { PagedRows, rowsAPage } from '../../../renderer/components/paged-rows.ts';

test('the cursor moves by row, screen and end, and never leaves the list', () => {
  assert.equal(moveCursor('ArrowDown', 0, 10, 5), 1);
  assert.equal(moveCursor('ArrowUp', 0, 10, 5), 0);
  assert.equal(moveCursor('PageDown', 1, 100, 5), 5);
  assert.equal(moveCursor('PageUp', 3, 100, 5), 0);
  assert.equal(moveCursor('End', 3, 100, 5), 99);
  assert.equal(moveCursor('Home', 3, 100, 5), 0);
  assert.equal(moveCursor('PageDown', 0, 3, 0), 1);
  assert.equal(moveCursor('x', 3, 100, 5), undefined);
  assert.equal(moveCursor('ArrowDown', 0, 0, 5), undefined);
});

type Held = { readonly total: number; readonly rows: readonly number[] };

/** Rows 0, 1, 2... of which each fetch is answered by hand. */
function makeRows(): {
  readonly rows: PagedRows<number, Held>;
  readonly asked: number[];
  readonly answer: (total: number, shift?: number) => Promise<void>;
} {
  const waiting: { offset: number; resolve: (page: Held) => void }[] = [];
  const asked: number[] = [];
  const rows = new PagedRows<number, Held>(
    (offset) =>
      new Promise((resolve) => {
        asked.push(offset);
        waiting.push({ offset, resolve });
      }),
    () => undefined,
  );
  const answer = async (total: number, shift = 0): Promise<void> => {
    const next = waiting.shift();
    const count = Math.min(rowsAPage, total - (next?.offset ?? 0));
    next?.resolve({
      total,
      rows: Array.from({ length: count }, (_, index) => next.offset + index + shift),
    });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { rows, asked, answer };
}

test('pages are fetched once, when their rows come into view', async () => {
  const { rows, asked, answer } = makeRows();
  rows.ensure(0, 30);
  rows.ensure(0, 30);
  assert.equal(rows.total, undefined);
  await answer(1000);
  assert.equal(rows.total, 1000);
  assert.equal(rows.row(30), 30);
  assert.equal(rows.row(500), undefined);
  rows.ensure(390, 410);
  await answer(1000);
  await answer(1000);
  rows.ensure(0, 410);
  assert.deepEqual(asked, [0, 200, 400]);
  assert.equal(rows.row(410), 410);
  assert.equal(
    rows.find((row) => row === 405),
    405,
  );
  assert.equal(
    rows.find((row) => row === 700),
    undefined,
  );
});

test('stale rows stay until newer ones come, and an answer older than the change is asked for again', async () => {
  const { rows, asked, answer } = makeRows();
  rows.ensure(0, 10);
  await answer(300);
  rows.invalidate();
  assert.equal(rows.row(3), 3);
  rows.ensure(0, 10);
  rows.invalidate();
  await answer(300, 1000);
  rows.ensure(0, 10);
  assert.deepEqual(asked, [0, 0, 0]);
  await answer(150, 2000);
  assert.equal(rows.row(3), 2003);
  assert.equal(rows.total, 150);
});

test('a change while the first page is on its way makes it be asked for again', async () => {
  const { rows, asked, answer } = makeRows();
  rows.ensure(0, 10);
  rows.invalidate();
  await answer(300);
  rows.ensure(0, 10);
  assert.deepEqual(asked, [0, 0]);
});

test('pages behind the last row are forgotten, and a closed list hears no answer', async () => {
  const { rows, answer } = makeRows();
  rows.ensure(0, 250);
  await answer(300);
  await answer(300);
  assert.equal(rows.row(250), 250);
  rows.invalidate();
  rows.ensure(0, 10);
  await answer(100);
  assert.equal(rows.row(250), undefined);
  rows.invalidate();
  rows.ensure(0, 10);
  rows.close();
  await answer(50);
  assert.equal(rows.total, 100);
});

test('a fetch that fails is told, and the next one clears it', async () => {
  let fails = true;
  const rows = new PagedRows<number>(
    () => (fails ? Promise.reject(new Error('gone')) : Promise.resolve({ total: 1, rows: [7] })),
    () => undefined,
  );
  rows.ensure(0, 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.match(String(rows.error), /gone/u);
  fails = false;
  rows.ensure(0, 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(rows.error, undefined);
  assert.equal(rows.row(0), 7);
});

test('work that is asked for while it runs is done once more, not once for each asking', async () => {
  let runs = 0;
  const ask = coalesce(async () => {
    runs += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (runs === 1) throw new Error('forgotten');
  });
  ask();
  ask();
  ask();
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(runs, 2);
  ask();
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(runs, 3);
});
