import type { Page } from 'playwright-core';

/** Milliseconds between the frames of the page while the pointer drags over the first pane for so long. */
export async function timeFrames(page: Page, ms: number): Promise<readonly number[]> {
  const box = await page.getByTestId('pane').first().boundingBox();
  if (box === null) throw new Error('The pane is not on the screen.');
  await page.evaluate(() => {
    const timed = globalThis as typeof globalThis & { frameMs?: number[]; timing?: boolean };
    timed.frameMs = [];
    timed.timing = true;
    let before = performance.now();
    const tick = (): void => {
      const now = performance.now();
      timed.frameMs?.push(now - before);
      before = now;
      if (timed.timing === true) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const untilMs = performance.now() + ms;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (let k = 0; performance.now() < untilMs; k += 1)
    await page.mouse.move(
      box.x + box.width * (0.5 + 0.3 * Math.sin(k / 15)),
      box.y + box.height * (0.5 + 0.3 * Math.cos(k / 11)),
    );
  await page.mouse.up();
  return page.evaluate(() => {
    const timed = globalThis as typeof globalThis & { frameMs?: number[]; timing?: boolean };
    timed.timing = false;
    return timed.frameMs?.slice(1) ?? [];
  });
}
