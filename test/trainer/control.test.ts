import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { RunControl } from '../../trainer/control.ts';

/** A control with what it told, and a checkpoint whose end is seen. */
function makeControl(t: TestContext): {
  readonly control: RunControl;
  readonly told: boolean[];
  readonly begin: () => { readonly isOver: () => Promise<boolean>; readonly end: Promise<void> };
} {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told: boolean[] = [];
  const control = new RunControl((paused) => told.push(paused));
  const begin = (): ReturnType<ReturnType<typeof makeControl>['begin']> => {
    let over = false;
    const end = control.checkpoint();
    void end.then(
      () => (over = true),
      () => (over = true),
    );
    const isOver = async (): Promise<boolean> => {
      for (let turn = 0; turn < 5; turn += 1) await setImmediate();
      return over;
    };
    return { isOver, end };
  };
  return { control, told, begin };
}

test('a step waits until a second has passed since the reader’s latest input, and nobody is told of a pause', async (t) => {
  const { control, told, begin } = makeControl(t);
  control.yieldFor(1000);
  const { isOver } = begin();
  assert.equal(await isOver(), false);
  t.mock.timers.tick(900);
  control.yieldFor(1000);
  t.mock.timers.tick(900);
  assert.equal(await isOver(), false);
  t.mock.timers.tick(100);
  assert.equal(await isOver(), true);
  assert.deepEqual(told, []);
  assert.equal(await begin().isOver(), true);
});

test('a run that waits for the reader can still be paused and cancelled', async (t) => {
  const { control, told, begin } = makeControl(t);
  control.yieldFor(1000);
  const { isOver, end } = begin();
  assert.equal(await isOver(), false);
  control.pause();
  assert.equal(await isOver(), false);
  assert.deepEqual(told, [true]);
  control.resume();
  assert.equal(await isOver(), false);
  assert.deepEqual(told, [true, false]);
  control.cancel();
  await assert.rejects(end, { code: 'cancelled' });
});
