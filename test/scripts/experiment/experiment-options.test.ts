import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readExperimentCommand } from '../../../scripts/experiment/experiment-options.ts';
import { StationError } from '../../../shared/station-error.ts';

const read = (...args: string[]) => readExperimentCommand(args, ['mammo', 'fundus'] as const);

test('options of the experiment are read', () => {
  const command = read('--set', 'fundus', '--method', 'byol', '--seeds', '2', '--epochs', '7');
  assert.deepEqual(command.sets, ['fundus']);
  assert.deepEqual(command.seeds, [1, 2]);
  assert.equal(command.epochs, 7);
  assert.equal(command.recipe.method, 'byol');
  assert.equal(command.recipe.imageSide, 96);
  assert.deepEqual(read().sets, ['mammo', 'fundus']);
  assert.equal(read().epochs, undefined);
});

for (const [field, value] of [
  ['--side', '97'],
  ['--hours', 'two'],
  ['--hours', '0'],
  ['--epochs', '0'],
  ['--epochs', '1.5'],
  ['--set', 'other'],
  ['--method', 'other'],
  ['--seeds', '-1'],
  ['--threads', ''],
] as const)
  test(`the experiment refuses ${field} "${value}" by name`, () => {
    assert.throws(
      () => read(`${field}=${value}`),
      (error) =>
        error instanceof StationError &&
        error.code === 'invalid-input' &&
        error.details['field'] === field,
    );
  });

test('an unknown option is named', () => {
  assert.throws(
    () => read('--epoch', '3'),
    (error) =>
      error instanceof StationError && String(error.details['problem']).includes("'--epoch'"),
  );
});
