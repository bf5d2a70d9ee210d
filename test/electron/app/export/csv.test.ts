import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvCell, csvLine } from '../../../../electron/app/export/csv.ts';
import { createRandom } from '../../../../shared/random.ts';
import { readCsv } from '../../../fixtures/read-csv.ts';

test('cells with commas, quotes and line breaks are quoted, others are not', () => {
  assert.equal(csvLine(['a', 'b,c', 'd"e', 'f\ng', '']), 'a,"b,c","d""e","f\ng",\r\n');
});

test('missing values are empty, flags are 1 and 0, numbers keep all their digits', () => {
  assert.equal(csvLine([null, true, false, 0.1, -2.5, 1e21]), ',1,0,0.1,-2.5,1e+21\r\n');
  assert.throws(() => csvCell(Number.NaN));
  assert.throws(() => csvCell(Infinity));
});

test('text that a spreadsheet would compute gets an apostrophe, negative numbers do not', () => {
  assert.equal(csvCell('=1+1'), "'=1+1");
  assert.equal(csvCell('@SUM(A1)'), "'@SUM(A1)");
  assert.equal(csvCell('-cmd|x'), "'-cmd|x");
  assert.equal(csvCell("+1,'"), `"'+1,'"`);
  assert.equal(csvCell('\t=1'), "'\t=1");
  assert.equal(csvCell(-1), '-1');
});

test('any text comes back after taking one leading apostrophe off', () => {
  const random = createRandom(11);
  const signs = ['=', '+', '-', '@', "'", '"', ',', '\r', '\n', '\t', 'a', 'é', '眼', ' '];
  for (let i = 0; i < 2000; i += 1) {
    const text = Array.from(
      { length: random.below(6) },
      () => signs[random.below(signs.length)] ?? '',
    ).join('');
    const [row] = readCsv(csvLine(['name', 'next']) + csvLine([text, 'x']));
    assert.equal(row?.['name']?.replace(/^'/u, ''), text);
    assert.doesNotMatch(row?.['name'] ?? '', /^[=+\-@]/u);
  }
});
