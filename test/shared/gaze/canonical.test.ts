import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FrameOfImage, toCanonical } from '../../../shared/gaze/canonical.ts';
import type { ImageGaze } from '../../../shared/gaze/image-gaze.ts';
import {
  alignFundus,
  canonicalLandmarks,
  type ImageLandmarks,
  noLandmarks,
} from '../../../shared/gaze/landmarks.ts';

const close = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} and ${b}`);

type Place = { readonly x: number; readonly y: number };

/** An image whose disc and fovea are these, with a fixation and a sample at each place. */
function lay(
  places: readonly Place[],
  landmarks: ImageLandmarks,
  change: Partial<FrameOfImage> = {},
): ReturnType<typeof toCanonical> {
  const image = { columns: 1000, rows: 1000, laterality: null, landmarks, ...change };
  const gaze: ImageGaze = {
    imageId: 1,
    columns: image.columns,
    rows: image.rows,
    points: places.map((place, i) => ({ ...place, tMs: i * 20 })),
    beside: 0,
    fixations: places.map((place, i) => ({ ...place, startMs: i * 200, durationMs: 150 })),
    sigmaPx: 50,
  };
  return toCanonical(gaze, image);
}

/** A left eye: the disc 300 pixels left of the fovea and a little above. */
const left: ImageLandmarks = { disc: { x: 200, y: 450 }, fovea: { x: 500, y: 480 } };

test('without landmarks a right side is mirrored, and each axis is scaled to 800', () => {
  const place = { x: 99.5, y: 299.5 };
  const plain = lay([place], noLandmarks, { rows: 500, laterality: 'L' });
  assert.deepEqual(plain.fixations, [{ x: 80, y: 480, duration: 150 }]);
  assert.deepEqual(plain.points, [[80, 480]]);
  close(plain.sigmaPx, (50 * 800) / Math.sqrt(1000 * 500));
  const right = lay([place], noLandmarks, { rows: 500, laterality: 'R' });
  assert.deepEqual(right.fixations, [{ x: 720, y: 480, duration: 150 }]);
  // One mark alone aligns nothing.
  assert.deepEqual(lay([place], { ...left, disc: null }), lay([place], noLandmarks));
});

test('disc and fovea of every eye lie on the same two places of the canvas, size and angle kept', () => {
  const turned = (degrees: number, scale: number, { x, y }: Place): Place => {
    const [cos, sin] = [Math.cos, Math.sin].map((f) => f((degrees * Math.PI) / 180)) as [
      number,
      number,
    ];
    return {
      x: 480 + scale * (cos * (x - 480) - sin * (y - 480)),
      y: 500 + scale * (sin * (x - 480) + cos * (y - 480)),
    };
  };
  // Beside and above the line from disc to fovea: a wrong mirror image would show.
  const looked = { x: 420, y: 380 };
  const usual = lay([looked], left).fixations[0];
  assert.ok(usual !== undefined && left.disc !== null && left.fovea !== null);
  for (const degrees of [-20, 0, 35])
    for (const scale of [0.6, 1, 1.1]) {
      const disc = turned(degrees, scale, left.disc);
      const fovea = turned(degrees, scale, left.fovea);
      const { fixations, sigmaPx, points } = lay([disc, fovea, turned(degrees, scale, looked)], {
        disc,
        fovea,
      });
      const [onDisc, onFovea, onLooked] = fixations;
      assert.ok(onDisc !== undefined && onFovea !== undefined && onLooked !== undefined);
      for (const axis of ['x', 'y'] as const) {
        close(onDisc[axis], canonicalLandmarks.disc[axis]);
        close(onFovea[axis], canonicalLandmarks.fovea[axis]);
        close(onLooked[axis], usual[axis]);
      }
      assert.equal(points.length, 3);
      const apart = Math.hypot(fovea.x - disc.x, fovea.y - disc.y);
      const onCanvas = Math.hypot(onFovea.x - onDisc.x, onFovea.y - onDisc.y);
      close(sigmaPx, (50 * onCanvas) / apart);
    }
});

test('a disc right of the fovea is mirrored, whatever laterality was recorded', () => {
  const mirror = ({ x, y }: Place): Place => ({ x: 999 - x, y });
  assert.ok(left.disc !== null && left.fovea !== null);
  const right: ImageLandmarks = { disc: mirror(left.disc), fovea: mirror(left.fovea) };
  const looked = { x: 420, y: 380 };
  const usual = lay([looked], left, { laterality: 'L' }).fixations[0];
  for (const laterality of ['L', 'R', null] as const) {
    const found = lay([mirror(looked)], right, { laterality }).fixations[0];
    assert.ok(found !== undefined && usual !== undefined);
    close(found.x, usual.x);
    close(found.y, usual.y);
    assert.deepEqual(lay([looked], left, { laterality }).fixations[0], usual);
  }
});

test('a macula-centred photograph of 45 degrees fills the canvas as without landmarks', () => {
  // 1000 pixels for 45 degrees, the blind spot at 15.5 and 1.5 degrees.
  const degree = 1000 / 45;
  const landmarks = {
    fovea: { x: 499.5, y: 499.5 },
    disc: { x: 499.5 - 15.5 * degree, y: 499.5 - 1.5 * degree },
  };
  const places = [
    { x: 0, y: 0 },
    { x: 999, y: 0 },
    { x: 700, y: 900 },
  ];
  const [aligned, plain] = [lay(places, landmarks), lay(places, noLandmarks)];
  for (const [i, { x, y }] of plain.fixations.entries()) {
    close(aligned.fixations[i]?.x ?? 0, x);
    close(aligned.fixations[i]?.y ?? 0, y);
  }
  assert.deepEqual(aligned.points, plain.points);
  close(aligned.sigmaPx, plain.sigmaPx);
});

test('what an aligned image shows beside the canvas is left out', () => {
  const { points, fixations } = lay([{ x: 999, y: 480 }, left.fovea ?? { x: 0, y: 0 }], left);
  assert.equal(points.length, 1);
  assert.equal(fixations.length, 1);
});

test('marks upon each other align nothing', () => {
  const size = { columns: 1000, rows: 800 };
  const place = { x: 300, y: 300 };
  assert.equal(alignFundus({ disc: place, fovea: place }, size), undefined);
  assert.equal(alignFundus({ disc: place, fovea: { x: 315, y: 300 } }, size), undefined);
  assert.ok(alignFundus({ disc: place, fovea: { x: 325, y: 300 } }, size) !== undefined);
});
