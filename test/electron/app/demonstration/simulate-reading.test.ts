import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  layPanes,
  onScreen,
  stateOf,
} from '../../../../electron/app/demonstration/simulated-layout.ts';
import {
  type SimulatedImage,
  simulateReading,
} from '../../../../electron/app/demonstration/simulate-reading.ts';
import { mapToImage } from '../../../../shared/gaze/map-to-image.ts';
import { createRandom } from '../../../../shared/random.ts';

const image = (imageId: number): SimulatedImage => ({
  imageId,
  columns: 640,
  rows: 832,
  targets: [
    { x: 600, y: 400, weight: 0.2 },
    { x: 200, y: 300, weight: 1 },
  ],
});
const four = [1, 2, 3, 4].map(image);

test('the same seed gives the same gaze, another seed another', () => {
  const options = { style: 'systematic', zooms: true } as const;
  const once = simulateReading(four, options, createRandom(1));
  assert.deepEqual(simulateReading(four, options, createRandom(1)), once);
  assert.notDeepEqual(simulateReading(four, options, createRandom(2)).samples, once.samples);
});

test('samples come about 60 times a second, in order, from the first state to the last event', () => {
  const { samples, states, events, durationMs } = simulateReading(
    four,
    { style: 'salient-first', zooms: false },
    createRandom(5),
  );
  for (const [i, { tUs }] of samples.entries())
    assert.ok(
      i === 0 || tUs > (samples[i - 1]?.tUs ?? 0),
      `sample ${i} is later than the one before`,
    );
  const rate = (samples.length * 1000) / durationMs;
  assert.ok(Math.abs(rate - 60) < 1, `${rate} samples a second`);
  assert.deepEqual(
    states.map(({ tUs, pane, imageId }) => [tUs, pane, imageId]),
    [0, 1, 2, 3].map((pane) => [0, pane, pane + 1]),
  );
  assert.equal(Math.ceil((events.at(-1)?.tUs ?? 0) / 1000), durationMs);
});

test('every picture is looked at, and its finding longer than any other place of that size', () => {
  const { samples, states } = simulateReading(
    four,
    { style: 'systematic', zooms: true },
    createRandom(9),
  );
  const mapped = mapToImage(samples, states);
  for (const { imageId } of four) {
    const cells = new Map<string, number>();
    for (const place of mapped) {
      if (place.imageId !== imageId) continue;
      // Cells of 160 px whose middles include the finding at (200, 300).
      const cell = `${Math.floor((place.x - 120) / 160)},${Math.floor((place.y - 220) / 160)}`;
      cells.set(cell, (cells.get(cell) ?? 0) + 1);
    }
    const [longest] = [...cells].toSorted((a, b) => b[1] - a[1]);
    assert.equal(longest?.[0], '0,0');
  }
});

test('lost samples have no place and are few', () => {
  const { samples } = simulateReading(four, { style: 'systematic', zooms: true }, createRandom(3));
  const lost = samples.filter(({ valid }) => !valid);
  assert.ok(lost.length > 0 && lost.length < samples.length / 10);
  assert.ok(lost.every(({ xDip, yDip }) => xDip === null && yDip === null));
});

test('a place shown on the screen maps back to the same pixel, zoomed or not', () => {
  for (const [i, pane] of layPanes(3).entries())
    for (const zoom of [1, 2]) {
      const state = stateOf(0, i, pane, image(7), zoom, { x: 300, y: 420 });
      const { x, y } = onScreen(state, 310.5, 400.25);
      const [back] = mapToImage(
        [{ tUs: 0, xDip: x, yDip: y, valid: true, confidence: 1 }],
        [state],
      );
      assert.ok(back !== undefined && back.imageId === 7);
      assert.ok(Math.abs(back.x - 310.5) < 1e-9 && Math.abs(back.y - 400.25) < 1e-9);
    }
});
