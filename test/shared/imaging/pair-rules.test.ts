import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, mayPair, type PairedImage } from '../../../shared/imaging/pair-rules.ts';

const view = (viewPosition: string | null, patientKey = 'p'): PairedImage => ({
  modality: 'MG',
  viewPosition,
  patientKey,
});

test('CC with MLO, an unknown view with a known one and two modalities are never a pair', () => {
  assert.equal(mayPair(view('CC'), view('MLO', 'q'), true), false);
  assert.equal(mayPair(view('CC'), view(null, 'q'), true), false);
  assert.equal(mayPair(view(null), { ...view(null, 'q'), modality: 'OP' }, true), false);
  assert.equal(mayPair(view('CC'), view('CC', 'q'), false), true);
  assert.equal(mayPair(view(null), view(null, 'q'), false), true);
  assert.deepEqual(
    [view('CC'), view(null), { ...view(null), modality: 'OP' as const }].map(kindOf),
    ['MG CC', 'MG view unknown', 'OP'],
  );
});

test('two images of one patient are a pair only where that is asked for', () => {
  assert.equal(mayPair(view('CC'), view('CC'), false), false);
  assert.equal(mayPair(view('CC'), view('CC'), true), true);
});
