import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';
import { decode, encode } from './codec.ts';

type PageHalves = { readonly main: Function; readonly isolated: Function };

let halves: PageHalves | undefined;

/** Loads both halves of the page. Their files need the DOM's types, so the type checker must not follow. */
export async function loadPageHalves(): Promise<void> {
  const load = async (file: string): Promise<Record<string, Function>> =>
    (await import(new URL(`./page/${file}`, import.meta.url).href)) as Record<string, Function>;
  const main = (await load('main-world.ts'))['installMainWorld'];
  const isolated = (await load('isolated-world.ts'))['installIsolatedWorld'];
  if (main === undefined || isolated === undefined)
    throw new Error('electron stand-in: a half of the page is missing.');
  halves = { main, isolated };
}

function call(half: keyof PageHalves, args: readonly string[]): string {
  if (halves === undefined) throw new Error('electron stand-in: the page is not loaded.');
  const codec = `{ encode: ${encode.toString()}, decode: ${decode.toString()} }`;
  return `(${halves[half].toString()})(${[codec, ...args].join(', ')});`;
}

/** Source text for the page's own world. */
export function mainWorldSource(tag: string): string {
  return call('main', [JSON.stringify(tag)]);
}

/** Source text for the isolated world, with the preload inside; a preload that is no script throws. */
export function isolatedWorldSource(tag: string, preloadFile: string): string {
  const text = readFileSync(preloadFile, 'utf8');
  const wrapped = `function (require, process, module, exports) {${text}\n}`;
  // Only its syntax is looked at; it never runs here.
  void new Script(`(${wrapped})`, { filename: preloadFile });
  return call('isolated', [
    JSON.stringify(tag),
    JSON.stringify(process.platform),
    JSON.stringify(process.versions['electron']),
    wrapped,
  ]);
}
