import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapToImage } from '../../shared/gaze/map-to-image.ts';
import type { ReadingReplay, ReadingRow } from '../../shared/ipc/answers.ts';
import { launchStation, screenshot } from './station.ts';
import { ask, finishAndLeave, look, openStudy, places, waitForImages } from './steps.ts';

test('a mammogram is compared with the earlier one; what was looked at there lies on no image', async (t) => {
  const station = await launchStation();
  t.after(station.close);
  const { page } = station;
  await ask(page, 'station.acknowledge-notice', {});
  await ask(page, 'consent.set', { record: true, train: true, export: true });
  await ask(page, 'settings.set', { gazeSource: 'pointer' });
  await page.reload();
  await page.getByTestId('demonstration-banner').waitFor();

  await openStudy(page, 'Demonstration Phantom 01');
  const shown = await waitForImages(page, 4);
  await look(page, shown.nth(0), places);
  const said = page.getByText('EARLIER 2024-02-10');
  await page.keyboard.press('e');
  await said.first().waitFor();
  await waitForImages(page, 4);
  assert.equal(await said.count(), 5, 'in the bar and on every picture');
  await look(page, shown.nth(1), places);
  await screenshot(page, 'earlier-study');
  await page.keyboard.press('e');
  await said.first().waitFor({ state: 'detached' });
  await waitForImages(page, 4);
  await look(page, shown.nth(2), places);
  await finishAndLeave(page, '1');

  const readings = await ask<ReadingRow[]>(page, 'reading.list', { studyId: null, limit: 5 });
  const { readingId } = readings.find(({ state }) => state === 'finished') ?? assert.fail();
  const { study, sampleList, stateList } = await ask<ReadingReplay>(page, 'reading.replay', {
    readingId,
  });
  const own = study.imageList.map(({ imageId }) => imageId);
  const met = mapToImage(sampleList, stateList).map(({ imageId }) => imageId);
  const turns = met.filter((imageId, i) => i === 0 || imageId !== met[i - 1]);
  assert.ok(turns.every((imageId) => imageId === null || own.includes(imageId)));
  const onImages = met.flatMap((imageId, i) => (imageId === null ? [] : [i]));
  const between = met.slice(onImages[0], onImages.at(-1)).filter((imageId) => imageId === null);
  assert.ok(onImages.length > 60 && between.length > 30, `${onImages.length}, ${between.length}`);
  await station.assertQuiet();
});
