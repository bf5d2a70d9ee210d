import { type BarPage, barPages } from '../store.ts';

/** Second key after g. */
const letters: Readonly<Record<string, BarPage>> = {
  w: 'worklist',
  r: 'readings',
  t: 'training',
  p: 'pairs',
  m: 'models',
  e: 'export',
  s: 'settings',
};

/** How long g waits for its second key, in milliseconds. */
const patienceMs = 1500;

type Key = { readonly key: string; readonly altKey: boolean; readonly plain: boolean };

/** When g was pressed, in milliseconds; null: it was not. */
export type Prefix = number | null;

/** What a key means for the navigation: a page to go to, and whether g now waits for its second key. */
export function readNavigationKey(
  prefix: Prefix,
  { key, altKey, plain }: Key,
  nowMs: number,
): { readonly prefix: Prefix; readonly page: BarPage | undefined } {
  if (altKey) return { prefix: null, page: barPages[Number(key) - 1] };
  if (!plain) return { prefix: null, page: undefined };
  if (prefix !== null && nowMs - prefix <= patienceMs)
    return { prefix: null, page: letters[key.toLowerCase()] };
  return { prefix: key === 'g' ? nowMs : null, page: undefined };
}

/** The two ways to a page, for display and aria-keyshortcuts. */
export function keysOf(page: BarPage): { readonly letter: string; readonly alt: string } {
  const letter = Object.entries(letters).find(([, target]) => target === page)?.[0] ?? '';
  return { letter, alt: `Alt+${barPages.indexOf(page) + 1}` };
}

/** True where keys belong to what has the focus: a field, or a dialog above the page. */
export function keysAreTaken(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      'input:not([type="checkbox"], [type="radio"]), select, textarea, [contenteditable]',
    ) !== null || document.querySelector('[role="dialog"], [role="alertdialog"]') !== null
  );
}
