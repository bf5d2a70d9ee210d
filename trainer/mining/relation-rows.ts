import { createRandom } from '../../shared/random.ts';
import { RelationFile, RelationWriter } from './relation-file.ts';
import type { RowPool } from './row-pool.ts';
import { countRelations, type RowJob } from './row-work.ts';

/** Rows of one block at most, so that its answer stays small. */
const mostRows = 512;
const checkpointEveryMs = 5000;
/** Stored numbers that are computed again before the rest is trusted. */
const checkedNumbers = 64;

export type RelationRowsOptions = {
  readonly pool: RowPool;
  /** Number that the first of these cases has in the pool. */
  readonly first: number;
  /** One for each case in their order: what must be the same for a stored relation to stand. */
  readonly keys: readonly string[];
  /** Where rows are kept between runs; undefined: nowhere. */
  readonly store: { readonly folder: string; readonly name: string } | undefined;
  /** The relation of cases i and j < i (numbers from 0 in this list), in single precision. */
  readonly compare: (i: number, j: number) => number;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
};

type Block = { readonly jobs: readonly RowJob[]; readonly rows: readonly number[] };

/** Whether stored numbers are what would be computed today; a damaged or foreign file is not used. */
function isTrue(
  file: RelationFile,
  newRowOf: Int32Array,
  compare: RelationRowsOptions['compare'],
): boolean {
  const known = file.keys.length;
  if (known < 2) return true;
  const row = new Float32Array(known);
  const random = createRandom(known);
  for (let n = 0; n < checkedNumbers; n += 1) {
    const i = 1 + random.below(known - 1);
    const j = random.below(i);
    const [a = -1, b = -1] = [newRowOf[i], newRowOf[j]];
    if (a < 0 || b < 0) continue;
    file.readRow(i, row);
    if (!Object.is(row[j], compare(Math.max(a, b), Math.min(a, b)))) return false;
  }
  return true;
}

/** Plans what has to be computed: whole rows of new cases, the new columns of known ones. */
function* planBlocks(
  count: number,
  oldRowOf: Int32Array,
  first: number,
  pool: RowPool,
): Generator<Block, void> {
  const newCases = Array.from({ length: count }, (_, i) => i).filter(
    (i) => (oldRowOf[i] ?? -1) < 0,
  );
  let [jobs, rows, size]: [RowJob[], number[], number] = [[], [], 0];
  for (let row = 0; row < count; row += 1) {
    rows.push(row);
    const isNew = (oldRowOf[row] ?? -1) < 0;
    const ranges: [number, number][] = [];
    if (isNew && row > 0) ranges.push([first, first + row]);
    if (!isNew)
      for (const column of newCases) {
        if (column >= row) break;
        const last = ranges.at(-1);
        if (last !== undefined && last[1] === first + column) last[1] += 1;
        else ranges.push([first + column, first + column + 1]);
      }
    if (ranges.length > 0) {
      const job = { row: first + row, ranges };
      jobs.push(job);
      size += countRelations([job]);
    }
    if (size < pool.blockSize && rows.length < mostRows) continue;
    yield { jobs, rows };
    [jobs, rows, size] = [[], [], 0];
  }
  if (rows.length > 0) yield { jobs, rows };
}

/** The writer of a store; undefined, with a line in the log, where the folder cannot be written. */
function openWriter(
  store: RelationRowsOptions['store'],
  append: readonly string[] | undefined,
): RelationWriter | undefined {
  if (store === undefined) return undefined;
  try {
    return new RelationWriter(store.folder, store.name, append);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A full disk stops the whole run, which can write nothing else either.
    if (code === 'ENOSPC' || code === 'EDQUOT') throw error;
    process.stderr.write(`Relations are not kept for later runs: ${message}\n`);
    return undefined;
  }
}

/**
 * Gives row 0, 1, 2, ... of the relations between cases, row r with those of case r and cases 0 .. r - 1: what
 * an earlier run has left is read, the rest computed, and both kept for the next. The numbers are the same
 * however much of them was there. A row is valid until the next is asked for.
 */
export async function* relationRows(
  options: RelationRowsOptions,
): AsyncGenerator<Float32Array, void> {
  const { pool, first, keys, store, compare, nowMs } = options;
  const count = keys.length;
  const placeOf = new Map(keys.map((key, i) => [key, i]));
  let file = store === undefined ? undefined : new RelationFile(store.folder, store.name);
  let newRowOf = Int32Array.from(file?.keys ?? [], (key) => placeOf.get(key) ?? -1);
  if (file !== undefined && !isTrue(file, newRowOf, compare)) {
    process.stderr.write('Stored relations are not what the gaze gives: they are computed anew.\n');
    file.close();
    file = undefined;
    newRowOf = new Int32Array(0);
  }
  const oldRowOf = new Int32Array(count).fill(-1);
  for (const [old, row] of newRowOf.entries()) if (row >= 0) oldRowOf[row] = old;
  const goesOn = newRowOf.every((row, old) => row === old);
  const writer = openWriter(store, goesOn && newRowOf.length > 0 ? file?.keys : undefined);
  const stored = goesOn ? newRowOf.length : 0;
  const useful = newRowOf.filter((place) => place >= 0).length;
  const row = new Float32Array(count);
  const old = new Float32Array(newRowOf.length);
  let keptAtMs = nowMs();
  let isWhole = false;
  // A new file takes the old one's place only once it holds as much.
  const keep = async (): Promise<void> => {
    if (isWhole || goesOn || (writer?.rowCount ?? 0) >= useful) await writer?.checkpoint();
    keptAtMs = nowMs();
  };
  try {
    const plan = planBlocks(count, oldRowOf, first, pool);
    const asked: { readonly block: Block; readonly relations: Promise<Float32Array> }[] = [];
    const ask = (): void => {
      const { value: block } = plan.next();
      if (block === undefined) return;
      const relations = pool.compute(block.jobs);
      // A failure is met where the block is awaited; until then it must not count as unhandled.
      relations.catch(() => undefined);
      asked.push({ block, relations });
    };
    ask();
    for (let next = asked.shift(); next !== undefined; next = asked.shift()) {
      while (asked.length + 1 < pool.depth) {
        const before = asked.length;
        ask();
        if (asked.length === before) break;
      }
      const { block, relations: coming } = next;
      const relations = await coming;
      let at = 0;
      let job = 0;
      for (const r of block.rows) {
        const oldRow = oldRowOf[r] ?? -1;
        if (oldRow >= 0 && file !== undefined) {
          file.readRow(oldRow, goesOn ? row : old);
          if (!goesOn)
            for (let k = 0; k < oldRow; k += 1) {
              const column = newRowOf[k] ?? -1;
              if (column >= 0 && column < r) row[column] = old[k] ?? Number.NaN;
            }
        }
        const todo = block.jobs[job];
        if (todo?.row === first + r) {
          job += 1;
          for (const [from, to] of todo.ranges) {
            row.set(relations.subarray(at, at + to - from), from - first);
            at += to - from;
          }
        }
        if (r >= stored) writer?.append(keys[r] ?? '', row);
        if (r === count - 1) {
          isWhole = true;
          await keep();
        }
        yield row.subarray(0, r);
      }
      if (nowMs() - keptAtMs > checkpointEveryMs) await keep();
      if (asked.length === 0) ask();
    }
  } finally {
    // Cancelled or failed: what is there serves the next run. A failure to keep it changes nothing.
    if (!isWhole) await keep().catch(() => undefined);
    file?.close();
    writer?.close();
  }
}
