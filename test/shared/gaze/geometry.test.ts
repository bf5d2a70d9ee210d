import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  degreesToDip,
  dipToDegrees,
  lookSigmaDip,
  noScreenFacts,
  type ScreenFacts,
  toGeometry,
} from '../../../shared/gaze/geometry.ts';

const facts: ScreenFacts = {
  screenWidthMm: 520,
  screenWidthDip: 1920,
  viewingDistanceMm: 600,
  gazeErrorDip: null,
};
const geometry = toGeometry(facts) ?? assert.fail('the geometry is known');
const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} and ${b}`);

test('an angle spans 2 d tan(a / 2) of the screen, and back', () => {
  // At 600 mm one degree is 10.47 mm, and a millimetre is 1920 / 520 DIP.
  close(degreesToDip(geometry, 1), (1200 * Math.tan(Math.PI / 360) * 1920) / 520);
  assert.ok(Math.abs(degreesToDip(geometry, 1) - 38.667) < 1e-3);
  for (const degrees of [0, 0.1, 1, 5, 40])
    close(dipToDegrees(geometry, degreesToDip(geometry, degrees)), degrees);
});

test('20 degrees beside the centre a length spans 0.88 of the angle that is taken for it', () => {
  const angleAt = (mm: number): number => (Math.atan2(mm, 600) * 180) / Math.PI;
  const beside = 600 * Math.tan((20 * Math.PI) / 180);
  const halfMm = (degreesToDip(geometry, 0.1) * geometry.mmPerDip) / 2;
  const spanned = angleAt(beside + halfMm) - angleAt(beside - halfMm);
  assert.ok(Math.abs(spanned / 0.1 - 0.88) < 0.005, String(spanned));
});

test('without the screen’s size in both units or the distance there is no geometry', () => {
  assert.equal(toGeometry(noScreenFacts), undefined);
  for (const name of ['screenWidthMm', 'screenWidthDip', 'viewingDistanceMm'] as const)
    for (const value of [null, 0, -1, Number.NaN, Infinity])
      assert.equal(toGeometry({ ...facts, [name]: value }), undefined, `${name} ${value}`);
});

test('one look is as wide as the fovea and the measured error together', () => {
  close(lookSigmaDip(geometry), degreesToDip(geometry, 1));
  const degree = degreesToDip(geometry, 1);
  const webcam = toGeometry({ ...facts, gazeErrorDip: 3 * degree }) ?? geometry;
  close(lookSigmaDip(webcam), Math.sqrt(10) * degree);
});
