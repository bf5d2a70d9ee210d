import * as core from '@cornerstonejs/core';
import type { PaneState } from '../../../../renderer/gaze/recording.ts';
import { forgetImages } from '../../../../renderer/viewer/cornerstone.ts';
import { hangStudy } from '../../../../renderer/viewer/hanging.ts';
import {
  indexAt,
  type Orientation,
  readOrientation,
  readPaneState,
} from '../../../../renderer/viewer/pane-state.ts';
import { type PaneNews, StudyViewer } from '../../../../renderer/viewer/study-viewer.ts';
import type { Modality } from '../../../../shared/imaging/study.ts';
import type { StudyImage } from '../../../../shared/ipc/answers.ts';
import { createRandom } from '../../../../shared/random.ts';

document.body.style.margin = '0';

/** A point of the page with the place on the image that cornerstone itself gives for it. */
type Probe = {
  readonly pane: number;
  readonly xCss: number;
  readonly yCss: number;
  readonly x: number;
  readonly y: number;
};

let viewer: StudyViewer | undefined;
let elements: HTMLDivElement[] = [];
const states: PaneState[] = [];
const news: PaneNews[][] = [];

const nextFrame = (): Promise<unknown> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

function close(): void {
  viewer?.close();
  forgetImages();
  viewer = undefined;
  for (const element of elements) element.remove();
  elements = [];
}

async function open(modality: Modality, images: readonly StudyImage[]): Promise<void> {
  close();
  const page = hangStudy(modality, images)[0];
  if (page === undefined) throw new Error('No image was given.');
  const { panes, columns } = page;
  const rows = Math.ceil(panes.length / columns);
  elements = panes.map((_, i) => {
    const element = document.createElement('div');
    const wide = Math.floor(innerWidth / columns);
    const high = Math.floor(innerHeight / rows);
    element.style.cssText = `position:absolute;left:${(i % columns) * wide}px;top:${Math.floor(i / columns) * high}px;width:${wide - 3}px;height:${high - 3}px`;
    document.body.append(element);
    return element;
  });
  news.splice(0, news.length, ...panes.map(() => []));
  viewer = new StudyViewer(elements, panes, {
    onState: (state) => states.push(state),
    onNews: (pane, what) => news[pane]?.push(what),
  });
  await viewer.show();
  await nextFrame();
}

/** Does to one pane what a reader might, then asks cornerstone about points of it. */
async function wander(
  seed: number,
  turns: number,
): Promise<{ states: PaneState[]; probes: Probe[] }[]> {
  const random = createRandom(seed);
  const rounds: { states: PaneState[]; probes: Probe[] }[] = [];
  const here = viewer;
  if (here === undefined) throw new Error('Nothing is open.');
  const between = (low: number, high: number): number => low + random.next() * (high - low);
  for (let turn = 0; turn < turns; turn += 1) {
    const before = states.length;
    const pane = random.below(elements.length);
    const box = elements[pane]?.getBoundingClientRect() ?? new DOMRect();
    const at = { xCss: between(0, box.width), yCss: between(0, box.height) };
    if (random.next() < 0.3) here.reset(pane);
    if (random.next() < 0.8) here.zoomBy(pane, between(0.3, 6), at);
    if (random.next() < 0.8) here.panBy(pane, between(-300, 300), between(-300, 300));
    if (random.next() < 0.4) here.flip(pane, random.next() < 0.5 ? 'horizontal' : 'vertical');
    if (random.next() < 0.4) here.rotate(pane);
    if (random.next() < 0.3) here.windowBy(pane, between(-0.2, 0.2), between(-0.2, 0.2));
    await nextFrame();
    const viewport = here.viewport(pane);
    if (viewport === undefined) throw new Error(`There is no pane ${pane}.`);
    const probes = Array.from({ length: 8 }, () => {
      const xCss = between(0.01, box.width - 0.01);
      const yCss = between(0.01, box.height - 0.01);
      return { pane, xCss: box.x + xCss, yCss: box.y + yCss, ...indexAt(viewport, xCss, yCss) };
    });
    rounds.push({ states: states.slice(before), probes });
  }
  return rounds;
}

/** Does one thing after another to a pane; how it lies before and after each. */
async function lie(
  pane: number,
  acts: readonly ('horizontal' | 'vertical' | 'turn')[],
): Promise<{ readonly state: PaneState; readonly orientation: Orientation }[]> {
  const viewport = viewer?.viewport(pane);
  const element = elements[pane];
  if (viewer === undefined || viewport === undefined || element === undefined)
    throw new Error('Nothing is open.');
  const found: { state: PaneState; orientation: Orientation }[] = [];
  const note = (): void => {
    const state = readPaneState(viewport, element, pane, 0, true);
    if (state !== undefined) found.push({ state, orientation: readOrientation(viewport) });
  };
  note();
  for (const act of acts) {
    if (act === 'turn') viewer.rotate(pane);
    else viewer.flip(pane, act);
    await nextFrame();
    note();
  }
  return found;
}

/** Grey of the canvas at the middle of an image pixel, as it is drawn. */
function greyAt(pane: number, column: number, row: number): number {
  const viewport = viewer?.viewport(pane);
  if (viewport === undefined) throw new Error(`There is no pane ${pane}.`);
  const world = viewport.getImageData()?.imageData.indexToWorld([column, row, 0]);
  const [x, y] = viewport.worldToCanvas(world as core.Types.Point3);
  const canvas = viewport.getCanvas();
  const ratio = canvas.width / canvas.clientWidth;
  const pixel = canvas
    .getContext('2d')
    ?.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data;
  return pixel?.[0] ?? Number.NaN;
}

/** What the tests drive; not part of the product. */
const driver = {
  open,
  close,
  wander,
  lie,
  greyAt,
  invert: async (pane: number): Promise<void> => {
    viewer?.invert(pane);
    await nextFrame();
  },
  news: () => news,
  states: () => states,
  cachedBytes: () => core.cache.getCacheSize(),
};
export type Driver = typeof driver;
Object.assign(window, { viewerDriver: driver });
