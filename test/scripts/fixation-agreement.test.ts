import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';

const script = path.resolve(import.meta.dirname, '../../scripts/fixation-agreement.ts');

type Sample = { t_us: number | string; x_px: number | string; y_px: number; label: number };

/** The eye rests at two places for 200 ms each; the coder saw the leap between them. */
const samples: readonly Sample[] = Array.from({ length: 200 }, (_, i) => ({
  t_us: i * 2000,
  x_px: i < 100 ? 300 : 600,
  y_px: 300,
  label: Math.abs(i - 99.5) < 6 ? 2 : 1,
}));

function write(file: string, rows: readonly Sample[], columns: readonly (keyof Sample)[]): void {
  const lines = rows.map((row) => columns.map((column) => row[column]).join(','));
  writeFileSync(file, [columns.join(','), ...lines, ''].join('\n'));
}

const columns = ['t_us', 'x_px', 'y_px', 'label'] as const;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-fixations-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function writeBoth(
  folder: string,
  recording: string,
  rows: readonly Sample[],
  order: readonly (keyof Sample)[] = columns,
): void {
  for (const coder of ['MN', 'RA'])
    write(path.join(folder, `${recording}_labelled_${coder}.csv`), rows, order);
}

function judge(folder: string): { code: number | null; kappas: unknown[]; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], {
    encoding: 'utf8',
  });
  const rows = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { kappaMN: unknown });
  return { code: status, kappas: rows.map(({ kappaMN }) => kappaMN), err: stderr };
}

test('columns are found by their names, and an empty coordinate is a lost sample', (t) => {
  const folder = folderOf(t);
  writeBoth(folder, 'a', samples);
  writeBoth(folder, 'b', samples, ['label', 'y_px', 't_us', 'x_px']);
  const holed = samples.map((sample, i) => (i % 50 === 25 ? { ...sample, x_px: '' } : sample));
  const zeroed = holed.map((sample) =>
    sample.x_px === '' ? { ...sample, x_px: 0, y_px: 0 } : sample,
  );
  writeBoth(folder, 'c', holed);
  writeBoth(folder, 'd', zeroed);
  const { code, kappas, err } = judge(folder);
  assert.deepEqual([code, err], [0, '']);
  const [plain, moved, empty, zero] = kappas;
  assert.ok(Number(plain) > 0.9, String(plain));
  assert.equal(moved, plain);
  assert.equal(empty, zero);
  assert.ok(Number(empty) < Number(plain));
});

test('a stray time in a recording without times changes nothing', (t) => {
  const folder = folderOf(t);
  const untimed = samples.map((sample): Sample => ({ ...sample, t_us: 'nan' }));
  writeBoth(folder, 'a', untimed);
  writeBoth(folder, 'b', untimed.with(199, { t_us: 0, x_px: 0, y_px: 0, label: 1 }));
  writeBoth(folder, 'c', untimed.with(199, { t_us: 'nan', x_px: 0, y_px: 0, label: 1 }));
  const [whole, stray, lost] = judge(folder).kappas;
  assert.ok(Number(whole) > 0.9, String(whole));
  assert.equal(stray, lost);
});

test('a recording that cannot be read, or has one coder alone, is named and the others are judged', (t) => {
  const folder = folderOf(t);
  writeBoth(folder, 'good', samples);
  writeBoth(folder, 'empty', []);
  writeBoth(folder, 'words', samples.with(7, { t_us: 14_000, x_px: 'left', y_px: 3, label: 1 }));
  write(path.join(folder, 'alone_labelled_RA.csv'), samples, columns);
  const { code, kappas, err } = judge(folder);
  assert.equal(code, 2);
  assert.equal(kappas.length, 2);
  assert.match(err, /alone_labelled_RA\.csv is left out: the other coder's file is not there/u);
  assert.match(err, /^empty is left out\. .*no row below it/mu);
  assert.match(err, /^words is left out\. .*line 9.* x is "left", not a number/mu);
  const file = judge(path.join(folder, 'good_labelled_MN.csv'));
  assert.deepEqual([file.code, file.err.includes('    at ')], [2, false]);
});
