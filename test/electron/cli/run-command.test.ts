import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configureRun, type RunOptions } from '../../../electron/cli/run-command.ts';
import { publishedMeasures } from '../../../shared/training/run-configuration.ts';

const configure = (options: RunOptions) => {
  const configured = configureRun(options, true, publishedMeasures);
  assert.ok(typeof configured !== 'string');
  return configured;
};

test('thresholds come from chance unless one is given', () => {
  assert.equal(configure({}).falsePositiveRate, 0.05);
  assert.equal(configure({ 'false-positive-rate': '0.01' }).falsePositiveRate, 0.01);
  const fixed = configure({ 'multimatch-threshold': '0.9' });
  assert.equal(fixed.falsePositiveRate, null);
  assert.equal(fixed.thresholds.multimatch, 0.9);
  const both = configure({ 'multimatch-threshold': '0.9', 'false-positive-rate': '0.02' });
  assert.equal(both.falsePositiveRate, 0.02);
});
