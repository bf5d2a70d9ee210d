import * as core from '@cornerstonejs/core';
import type { PaneState } from '../gaze/recording.ts';
import { imageIdsOf, startCornerstone } from './cornerstone.ts';
import type { HungPane } from './hanging.ts';
import { isSameState, type Orientation, readOrientation, readPaneState } from './pane-state.ts';
import { applyVoiLut } from './voi-cures.ts';

/** What a pane tells the page around it. */
export type PaneNews =
  | { readonly kind: 'loading' }
  | ({
      readonly kind: 'shown';
      readonly windowCenter: number | null;
      readonly windowWidth: number | null;
      /** CSS pixels for one image pixel. */
      readonly magnification: number;
      readonly frame: number;
      /** Bright and dark are other ways round than the image came. */
      readonly inverted: boolean;
    } & Orientation)
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'context-lost' };

export type ViewerListener = {
  readonly onState: (state: PaneState) => void;
  readonly onNews: (pane: number, news: PaneNews) => void;
};

type Pane = {
  readonly element: HTMLDivElement;
  readonly hung: HungPane;
  readonly viewport: core.Types.IStackViewport;
  last: PaneState | undefined;
  /** As the image came: MONOCHROME1 is shown inverted (PS3.3 C.7.6.3.1.2). */
  invertAtFirst: boolean;
  shown: boolean;
};

let engines = 0;

/** The images of one hanging page on screen; lives outside React and ends with `close`. */
export class StudyViewer {
  readonly #engine: core.RenderingEngine;
  readonly #listener: ViewerListener;
  readonly #panes: Pane[] = [];
  readonly #ending = new AbortController();
  readonly #resizing: ResizeObserver;

  /** `elements` and `hung` belong together by index; elements have their size already. */
  constructor(
    elements: readonly HTMLDivElement[],
    hung: readonly HungPane[],
    listener: ViewerListener,
  ) {
    startCornerstone();
    engines += 1;
    this.#listener = listener;
    this.#engine = new core.RenderingEngine(`study-${engines}`);
    this.#engine.setViewports(
      elements.map((element, i) => ({
        viewportId: `${this.#engine.id}-${i}`,
        type: core.Enums.ViewportType.STACK,
        element,
        defaultOptions: { background: [0, 0, 0] as [number, number, number] },
      })),
    );
    for (const [i, element] of elements.entries()) {
      const pane = hung[i];
      if (pane === undefined) continue;
      const viewport = this.#engine.getViewport<core.Types.IStackViewport>(
        `${this.#engine.id}-${i}`,
      );
      this.#panes.push({
        element,
        hung: pane,
        viewport,
        last: undefined,
        invertAtFirst: false,
        shown: false,
      });
      const { signal } = this.#ending;
      element.addEventListener(core.Enums.Events.IMAGE_RENDERED, () => this.#rendered(i), {
        signal,
      });
      element.addEventListener(
        'webglcontextlost',
        () => this.#listener.onNews(i, { kind: 'context-lost' }),
        { signal, capture: true },
      );
    }
    this.#resizing = new ResizeObserver(() => {
      this.#engine.resize(true, true);
    });
    for (const element of elements) this.#resizing.observe(element);
    document.addEventListener('visibilitychange', () => this.#stateAll(), {
      signal: this.#ending.signal,
    });
    window.addEventListener('resize', () => this.#stateAll(), { signal: this.#ending.signal });
  }

  /** Loads and shows every pane; one that fails says so in its place, the others go on. */
  async show(): Promise<void> {
    await Promise.all(this.#panes.map((_, i) => this.#showPane(i)));
  }

  async #showPane(i: number): Promise<void> {
    const pane = this.#panes[i];
    if (pane === undefined) return;
    this.#listener.onNews(i, { kind: 'loading' });
    const imageIds = imageIdsOf(pane.hung.image);
    try {
      await core.imageLoader.loadAndCacheImage(imageIds[0] ?? '');
      if (this.#ending.signal.aborted) return;
      await pane.viewport.setStack(imageIds);
      this.#hang(pane);
      pane.invertAtFirst = pane.viewport.getProperties().invert === true;
      pane.shown = true;
      pane.viewport.render();
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      const inner = (error as { readonly error?: unknown }).error ?? error;
      const message = inner instanceof Error ? inner.message : String(inner);
      this.#listener.onNews(i, { kind: 'failed', message });
    }
  }

  /** Anchors the chest wall and lays in the VOI LUT of the image on show. */
  #hang({ viewport, hung }: Pane): void {
    if (hung.anchor !== 'centre') {
      const x = hung.anchor === 'right' ? 1 : 0;
      viewport.setDisplayArea({
        type: 'FIT',
        imageArea: [1, 1],
        imageCanvasPoint: { imagePoint: [x, 0.5], canvasPoint: [x, 0.5] },
        storeAsInitialCamera: true,
      });
    }
    applyVoiLut(viewport, viewport.getCurrentImageId());
  }

  #rendered(i: number): void {
    const pane = this.#panes[i];
    if (pane === undefined || !pane.shown) return;
    const state = readPaneState(
      pane.viewport,
      pane.element,
      i,
      pane.hung.image.imageId,
      document.visibilityState === 'visible',
    );
    if (state === undefined || isSameState(pane.last, state)) return;
    pane.last = state;
    this.#listener.onState(state);
    const pixelCss = Math.hypot(state.m00, state.m10);
    this.#listener.onNews(i, {
      kind: 'shown',
      windowCenter: state.windowCenter,
      windowWidth: state.windowWidth,
      magnification: pixelCss === 0 ? 0 : 1 / pixelCss,
      frame: state.frame,
      inverted: state.invert !== pane.invertAtFirst,
      ...readOrientation(pane.viewport),
    });
  }

  #stateAll(): void {
    for (const i of this.#panes.keys()) this.#rendered(i);
  }

  #change(pane: number, change: (viewport: core.Types.IStackViewport) => void): void {
    const found = this.#panes[pane];
    if (found === undefined || !found.shown) return;
    change(found.viewport);
    found.viewport.render();
  }

  /** Magnifies around a point of the pane (CSS px from its corner), or around its middle. */
  zoomBy(
    pane: number,
    factor: number,
    at?: { readonly xCss: number; readonly yCss: number },
  ): void {
    this.#change(pane, (viewport) => {
      const before = at === undefined ? undefined : viewport.canvasToWorld([at.xCss, at.yCss]);
      viewport.setZoom(Math.min(64, Math.max(0.1, viewport.getZoom() * factor)));
      if (at === undefined || before === undefined) return;
      const [x, y] = viewport.worldToCanvas(before);
      const [panX, panY] = viewport.getPan();
      viewport.setPan([panX + at.xCss - x, panY + at.yCss - y]);
    });
  }

  /** Moves the image by CSS pixels. */
  panBy(pane: number, xCss: number, yCss: number): void {
    this.#change(pane, (viewport) => {
      const [x, y] = viewport.getPan();
      viewport.setPan([x + xCss, y + yCss]);
    });
  }

  /** Changes width and centre of the window by fractions of its width. */
  windowBy(pane: number, width: number, centre: number): void {
    this.#change(pane, (viewport) => {
      const { voiRange } = viewport.getProperties();
      if (voiRange === undefined) return;
      const span = Math.max(1e-6, voiRange.upper - voiRange.lower);
      const middle = (voiRange.upper + voiRange.lower) / 2 + centre * span;
      const half = (span * Math.max(0.02, 1 + width)) / 2;
      viewport.setProperties({ voiRange: { lower: middle - half, upper: middle + half } });
    });
  }

  invert(pane: number): void {
    this.#change(pane, (viewport) =>
      viewport.setProperties({ invert: viewport.getProperties().invert !== true }),
    );
  }

  /** Mirrors what is on the screen. A presentation cannot undo a flip, and turns anew what is turned already. */
  flip(pane: number, axis: 'horizontal' | 'vertical'): void {
    this.#change(pane, (viewport) => {
      const { flipHorizontal, flipVertical } = viewport.getCamera();
      viewport.setCamera(
        axis === 'horizontal'
          ? { flipHorizontal: flipHorizontal !== true }
          : { flipVertical: flipVertical !== true },
      );
    });
  }

  /** Turns clockwise by a quarter. */
  rotate(pane: number): void {
    this.#change(pane, (viewport) => {
      const now = viewport.getViewPresentation();
      viewport.setViewPresentation({ ...now, rotation: ((now.rotation ?? 0) + 90) % 360 });
    });
  }

  /** Shows another frame of the image. */
  async page(pane: number, step: number): Promise<void> {
    const found = this.#panes[pane];
    if (found === undefined || !found.shown) return;
    const count = found.viewport.getImageIds().length;
    const next = Math.min(count - 1, Math.max(0, found.viewport.getCurrentImageIdIndex() + step));
    await found.viewport.setImageIdIndex(next);
    found.viewport.render();
  }

  /** Puts window, zoom, place, flips and rotation back as the image came. */
  reset(pane: number): void {
    this.#change(pane, (viewport) => {
      viewport.resetProperties();
      viewport.setViewPresentation({ rotation: 0, flipHorizontal: false, flipVertical: false });
      viewport.resetCamera();
      const found = this.#panes[pane];
      if (found !== undefined) this.#hang(found);
    });
  }

  /** The viewport of a pane, for measurements and tests. */
  viewport(pane: number): core.Types.IStackViewport | undefined {
    return this.#panes[pane]?.viewport;
  }

  /** Takes everything off the screen; what was loaded stays until `forgetImages`. */
  close(): void {
    this.#ending.abort();
    for (const { last } of this.#panes)
      if (last !== undefined) this.#listener.onState({ ...last, imageId: null });
    this.#resizing.disconnect();
    this.#engine.destroy();
  }
}
