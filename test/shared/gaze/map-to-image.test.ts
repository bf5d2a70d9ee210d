import assert from 'node:assert/strict';
import { test } from 'node:test';
import { affineFromThreePoints, applyAffine, invertAffine } from '../../../shared/gaze/affine.ts';
import { mapToImage } from '../../../shared/gaze/map-to-image.ts';
import type { GazeSample } from '../../../shared/gaze/samples.ts';
import { createRandom } from '../../../shared/random.ts';
import { gazeAt as sample, paneState as state } from '../../fixtures/gaze.ts';

test('any affine, window place and page zoom: the image point comes back within 1e-9 px', () => {
  const random = createRandom(5);
  for (let round = 0; round < 500; round += 1) {
    const angle = random.next() * 2 * Math.PI;
    const scale = 0.05 + random.next() * 8;
    const flip = random.next() < 0.5 ? -1 : 1;
    const toImage = {
      m00: flip * scale * Math.cos(angle),
      m01: -scale * Math.sin(angle),
      m02: random.next() * 4000,
      m10: flip * scale * Math.sin(angle),
      m11: scale * Math.cos(angle),
      m12: random.next() * 5000,
    };
    const place = state({
      ...toImage,
      contentXDip: random.next() * 2000,
      contentYDip: random.next() * 1000,
      zoomFactor: 0.5 + random.next() * 2,
      xCss: random.next() * 300,
      yCss: random.next() * 300,
    });
    const [cssX, cssY] = [random.next() * 500, random.next() * 400];
    const expected = applyAffine(toImage, cssX, cssY);
    const [mapped] = mapToImage(
      [
        sample(
          10,
          place.contentXDip + (cssX + place.xCss) * place.zoomFactor,
          place.contentYDip + (cssY + place.yCss) * place.zoomFactor,
        ),
      ],
      [place],
    );
    assert.ok(mapped?.imageId === 1);
    assert.ok(Math.hypot(mapped.x - expected.x, mapped.y - expected.y) < 1e-9);
    const back = invertAffine(toImage);
    assert.ok(back !== undefined);
    const css = applyAffine(back, expected.x, expected.y);
    assert.ok(Math.hypot(css.x - cssX, css.y - cssY) < 1e-9);
  }
});

test('three points of a viewer give its affine', () => {
  const m = { m00: 2, m01: -1, m02: 3, m10: 0.5, m11: 4, m12: -7 };
  const found = affineFromThreePoints(
    100,
    applyAffine(m, 0, 0),
    applyAffine(m, 100, 0),
    applyAffine(m, 0, 100),
  );
  assert.deepEqual(found, m);
});

test('a sample belongs to the last state not later than itself, whatever the order of the rows', () => {
  const states = [
    state({ tUs: 200, imageId: 3 }),
    state({ tUs: 0, imageId: 1 }),
    state({ tUs: 100, imageId: 2 }),
  ];
  const mapped = mapToImage(
    [sample(250, 1, 1), sample(0, 1, 1), sample(100, 1, 1), sample(99, 1, 1), sample(199, 1, 1)],
    states,
  );
  assert.deepEqual(
    mapped.map((each) => each.imageId),
    [3, 1, 2, 1, 2],
  );
});

test('of several panes the one under the point counts; borders belong to the right and lower one', () => {
  const states = [
    state({ pane: 0, imageId: 1, widthCss: 100, heightCss: 100 }),
    state({ pane: 1, imageId: 2, xCss: 100, widthCss: 100, heightCss: 100 }),
  ];
  const ids = mapToImage([sample(1, 99.9, 5), sample(1, 100, 5), sample(1, 200, 5)], states).map(
    (each) => each.imageId,
  );
  assert.deepEqual(ids, [1, 2, null]);
});

test('lost samples, hidden pages, emptied panes and times before the first state have no image', () => {
  const states = [
    state({ tUs: 10, visible: true }),
    state({ tUs: 20, visible: false }),
    state({ tUs: 30, imageId: null }),
  ];
  const lost: GazeSample = { tUs: 12, xDip: null, yDip: null, valid: false, confidence: null };
  const mapped = mapToImage(
    [sample(5, 1, 1), sample(15, 1, 1), sample(25, 1, 1), sample(35, 1, 1), lost],
    states,
  );
  assert.deepEqual(
    mapped.map((each) => (each.imageId === null ? each.reason : each.imageId)),
    ['off-panes', 1, 'off-panes', 'off-panes', 'lost'],
  );
});
