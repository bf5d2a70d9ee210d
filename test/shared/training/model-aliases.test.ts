import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AliasStep, championStack, holderOf } from '../../../shared/training/model-aliases.ts';

const step = (
  alias: AliasStep['alias'],
  version: number | null,
  kind: AliasStep['kind'],
): AliasStep => ({ alias, version, kind });

test('the newest step of an alias says who holds it, or that nobody does', () => {
  const steps = [
    step('challenger', 1, 'registered'),
    step('champion', 1, 'promoted'),
    step('challenger', null, 'promoted'),
  ];
  assert.equal(holderOf(steps, 'champion'), 1);
  assert.equal(holderOf(steps, 'challenger'), undefined);
  assert.equal(holderOf([], 'champion'), undefined);
});

test('a roll-back takes the last champion off, and a later promotion goes on from there', () => {
  const steps = [1, 2, 3].map((version) => step('champion', version, 'promoted'));
  assert.deepEqual(championStack(steps), [1, 2, 3]);
  const back = [...steps, step('champion', 2, 'rolled-back')];
  assert.deepEqual(championStack(back), [1, 2]);
  assert.deepEqual(championStack([...back, step('champion', 4, 'promoted')]), [1, 2, 4]);
  assert.deepEqual(championStack([...back, step('challenger', 9, 'registered')]), [1, 2]);
});
