import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  wordAuc,
  wordChoice,
  wordEncoder,
  wordPValue,
  wordRefusal,
} from '../../../renderer/components/word-evaluation.ts';
import { evaluationRefusals } from '../../../shared/training/evaluation-result.ts';

test('every refusal is worded without a gap', () => {
  const details = { class: 'malignant', part: 'validation', found: 2, needed: 3 };
  for (const reason of evaluationRefusals) {
    const sentence = wordRefusal(reason, details);
    assert.match(sentence, /^[^{}]+\.$/u, reason);
  }
  assert.equal(
    wordRefusal('too-few-patients', details),
    'class "malignant" has 2 patients in the part "Validation" and needs 3. Label more patients.',
  );
});

test('p stands to three decimals, one below that says so, and none is none', () => {
  const deLong = { standardError: 0.1, z: 1 };
  assert.equal(wordPValue({ ...deLong, pValue: 0.04449 }), '0.044');
  assert.equal(wordPValue({ ...deLong, pValue: 0.0009 }), '< 0.001');
  assert.equal(wordPValue(null), 'none');
});

test('what was chosen, which encoder and what the AUC means are told', () => {
  const chosen = {
    name: 'epochs',
    value: 4,
    candidates: [1, 2, 3, 4, 5],
    validationScore: 0,
  } as const;
  assert.equal(wordChoice({ ...chosen, candidates: [...chosen.candidates] }), 'epoch 4 of 5');
  assert.equal(wordEncoder({ sha256: '', runId: 7, role: 'champion' }), 'Run 7 (champion)');
  assert.equal(wordEncoder({ sha256: '', runId: null, role: 'other' }), 'Another encoder');
  assert.match(wordAuc(['benign', 'malignant']), /"malignant" against/u);
  assert.match(wordAuc(['a', 'b', 'c']), /each class against the rest/u);
});
