import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitHeight } from '../../../renderer/components/fit-height.ts';

test('a high image fills the height, a wide one the width', () => {
  assert.equal(fitHeight({ rows: 640, columns: 512 }, { width: 500, height: 500 }), 500);
  assert.equal(fitHeight({ rows: 480, columns: 720 }, { width: 300, height: 500 }), 200);
  assert.equal(fitHeight({ rows: 480, columns: 720 }, { width: 0, height: 0 }), 0);
});
