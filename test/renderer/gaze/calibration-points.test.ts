import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkingPlaces,
  measureErrorPx,
  pxToDegrees,
  teachingPlaces,
} from '../../../renderer/gaze/calibration-points.ts';

test('no place that measures is one that teaches', () => {
  for (const check of checkingPlaces)
    assert.ok(
      teachingPlaces.every((teach) => Math.hypot(teach.x - check.x, teach.y - check.y) > 0.05),
    );
});

test('the error is the mean distance of each place from the mean of its gaze', () => {
  const error = measureErrorPx([
    {
      xCss: 100,
      yCss: 100,
      gaze: [
        { xCss: 90, yCss: 100 },
        { xCss: 116, yCss: 104 },
      ],
    },
    { xCss: 0, yCss: 0, gaze: [{ xCss: 6, yCss: 8 }] },
  ]);
  assert.ok(error !== undefined && Math.abs(error - (Math.hypot(3, 2) + 10) / 2) < 1e-12);
});

test('a place without gaze leaves the error unknown', () => {
  assert.equal(measureErrorPx([{ xCss: 1, yCss: 1, gaze: [] }]), undefined);
});

test('degrees need the screen’s width and the distance', () => {
  assert.equal(pxToDegrees(100, 1920, null, 600), undefined);
  const degrees = pxToDegrees(1920, 1920, 600, 600);
  assert.ok(degrees !== undefined && Math.abs(degrees - 45) < 1e-9);
});
