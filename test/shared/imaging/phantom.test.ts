import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  makePhantomCase,
  makePriorCase,
  type PhantomCase,
} from '../../../shared/imaging/phantom-case.ts';
import {
  columnOf,
  lesionsIn,
  phantomColumns,
  phantomRows,
  screeningViews,
} from '../../../shared/imaging/phantom-shape.ts';
import { type PhantomPicture, renderPhantom } from '../../../shared/imaging/phantom.ts';
import { createRandom } from '../../../shared/random.ts';

function women(seed: number, count: number): PhantomCase[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, number) => makePhantomCase(random, number));
}

const pixelAt = ({ pixels }: PhantomPicture, x: number, y: number): number =>
  pixels[Math.round(y) * phantomColumns + Math.round(x)] ?? 0;

function meanAround(
  picture: PhantomPicture,
  x: number,
  y: number,
  from: number,
  to: number,
): number {
  let [sum, count] = [0, 0];
  for (let dy = -to; dy <= to; dy += 1)
    for (let dx = -to; dx <= to; dx += 1) {
      const away = Math.hypot(dx, dy);
      if (away < from || away > to) continue;
      sum += pixelAt(picture, x + dx, y + dy);
      count += 1;
    }
  return sum / count;
}

test('the same woman and view give the same pixels, another seed gives others', () => {
  const [view] = screeningViews;
  const [one] = women(3, 1);
  const [other] = women(4, 1);
  assert.ok(view && one && other);
  const picture = renderPhantom(one, view);
  assert.deepEqual(renderPhantom(one, view).pixels, picture.pixels);
  assert.notDeepEqual(renderPhantom(other, view).pixels, picture.pixels);
});

test('a picture has 12 bits, black air and the breast at its own chest wall', () => {
  const [woman] = women(3, 1);
  assert.ok(woman);
  for (const view of screeningViews) {
    const picture = renderPhantom(woman, view);
    assert.equal(picture.pixels.length, phantomColumns * phantomRows);
    assert.ok(picture.pixels.every((value) => value <= 4095));
    const middle = phantomRows / 2;
    assert.ok(pixelAt(picture, columnOf(view.laterality, 3), middle) > 300);
    assert.equal(pixelAt(picture, columnOf(view.laterality, phantomColumns - 4), middle), 0);
  }
});

test('the word SIMULATED is burnt into every picture in full white', () => {
  const [woman] = women(3, 1);
  assert.ok(woman);
  for (const view of screeningViews) {
    const { pixels } = renderPhantom(woman, view);
    const left = view.laterality === 'L' ? phantomColumns - 53 * 3 - 12 : 12;
    const dots = Array.from({ length: 7 }, (_, row) =>
      Array.from({ length: 11 }, (_, column) =>
        pixels[(13 + row * 3) * phantomColumns + left + column * 3 + 1] === 4095 ? '#' : '.',
      ).join(''),
    );
    assert.deepEqual(dots, [
      '.####.#####',
      '#.......#..',
      '#.......#..',
      '.###....#..',
      '....#...#..',
      '....#...#..',
      '####..#####',
    ]);
  }
});

test('every finding lies in the breast and shows brighter than what is around it', () => {
  let seen = 0;
  for (const woman of women(7, 6)) {
    for (const view of screeningViews) {
      const truth = lesionsIn(woman, view);
      if (truth.length === 0) continue;
      const picture = renderPhantom(woman, view);
      const without = renderPhantom({ ...woman, findings: [] }, view);
      assert.deepEqual(picture.lesions, truth);
      for (const { x, y, radiusPx } of truth) {
        seen += 1;
        assert.ok(pixelAt(without, x, y) > 0, 'inside the breast');
        const inside = meanAround(picture, x, y, 0, radiusPx);
        assert.ok(inside > meanAround(without, x, y, 0, radiusPx) + 20);
        const around = meanAround(picture, x, y, radiusPx * 2, radiusPx * 2.5);
        assert.ok(Math.abs(around - meanAround(without, x, y, radiusPx * 2, radiusPx * 2.5)) < 1);
      }
    }
  }
  assert.equal(seen, 8, 'four women have a finding, each seen in two views');
});

test('the prior of a woman shows her breasts without the finding', () => {
  const [woman] = women(7, 1);
  assert.ok(woman);
  const prior = makePriorCase(woman);
  assert.deepEqual(prior.findings, []);
  assert.deepEqual([prior.seed, prior.nippleDepth], [woman.seed, woman.nippleDepth]);
});
