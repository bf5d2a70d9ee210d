import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { callStation } from './station.ts';

/** Asks main and fails the journey where it refuses. */
export async function ask<Value>(page: Page, name: string, input: unknown): Promise<Value> {
  const reply = await callStation(page, name, input);
  if (!reply.ok) assert.fail(`${name}: ${JSON.stringify(reply.error)}`);
  return reply.value as Value;
}

/** Opens a page by its place in the navigation. */
export async function go(page: Page, where: string): Promise<void> {
  await page.getByTestId(`go-${where}`).click();
}

/** Waits until every pane shows its image. */
export async function waitForImages(page: Page, count: number): Promise<Locator> {
  const shown = page.locator('[data-testid=pane][data-shown=true]');
  await page.waitForFunction(
    (n) => document.querySelectorAll('[data-testid=pane][data-shown=true]').length === n,
    count,
  );
  return shown;
}

/** Moves the pointer over a pane as an eye might: rests at places, jumps between them. */
export async function look(
  page: Page,
  pane: Locator,
  places: readonly (readonly [number, number])[],
): Promise<void> {
  const box = await pane.boundingBox();
  assert.ok(box !== null);
  for (const [x, y] of places) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
    await page.waitForTimeout(300);
  }
}

/** Where an eye might rest, as fractions of a pane. */
export const places = [
  [0.5, 0.5],
  [0.35, 0.45],
  [0.6, 0.4],
  [0.55, 0.6],
  [0.45, 0.55],
] as const;

/** Finishes the reading by keyboard, waits for the next study and leaves that one. */
export async function finishAndLeave(page: Page, key: string): Promise<void> {
  const before = await page.getByTestId('reading-page').locator('header > strong').innerText();
  await page.keyboard.press(key);
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction((patient) => {
    const now = document.querySelector('[data-testid=reading-page] header > strong');
    return now !== null && now.textContent !== patient;
  }, before);
  await page.keyboard.press('Escape');
  await page.getByTestId('go-worklist').waitFor();
}

/** Searches the worklist and opens the first study found, by keyboard. */
export async function openStudy(page: Page, text: string): Promise<void> {
  await go(page, 'worklist');
  await page.keyboard.press('/');
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
  await page.getByRole('grid').getByText(text).first().waitFor();
  await page.getByRole('grid').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.getByTestId('reading-page').waitFor();
}
