import type { ViewportState } from '../../../shared/gaze/samples.ts';

/** A picture that a simulated reader looks at. */
export type ShownImage = {
  readonly imageId: number;
  readonly columns: number;
  readonly rows: number;
};

/** A rectangle of the page, CSS pixels. */
type Rectangle = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
};

/** The part of a 1280 x 800 page in which pictures lie. */
const stage: Rectangle = { x: 40, y: 56, width: 1200, height: 720 };

/** One pane for one picture, two columns of panes for more. */
export function layPanes(images: number): readonly Rectangle[] {
  if (images <= 1) return [stage];
  const [width, height] = [stage.width / 2, stage.height / Math.ceil(images / 2)];
  return Array.from({ length: images }, (_, i) => ({
    x: stage.x + (i % 2) * width,
    y: stage.y + Math.floor(i / 2) * height,
    width,
    height,
  }));
}

/**
 * The state of a pane that shows the whole picture, or, zoomed, the picture at `zoom` times that size
 * with `centre` (image pixels) in its middle.
 */
export function stateOf(
  tUs: number,
  pane: number,
  rectangle: Rectangle,
  image: ShownImage,
  zoom = 1,
  centre = { x: (image.columns - 1) / 2, y: (image.rows - 1) / 2 },
): ViewportState {
  const cssForPixel =
    zoom * Math.min(rectangle.width / image.columns, rectangle.height / image.rows);
  return {
    tUs,
    pane,
    imageId: image.imageId,
    frame: 0,
    contentXDip: 0,
    contentYDip: 0,
    zoomFactor: 1,
    devicePixelRatio: 1,
    xCss: rectangle.x,
    yCss: rectangle.y,
    widthCss: rectangle.width,
    heightCss: rectangle.height,
    m00: 1 / cssForPixel,
    m01: 0,
    m02: centre.x - rectangle.width / 2 / cssForPixel,
    m10: 0,
    m11: 1 / cssForPixel,
    m12: centre.y - rectangle.height / 2 / cssForPixel,
    windowCenter: null,
    windowWidth: null,
    invert: false,
    visible: true,
  };
}

/** Where a point of the picture lies on the screen while a state lasts, in DIP. */
export function onScreen(
  state: ViewportState,
  x: number,
  y: number,
): { readonly x: number; readonly y: number } {
  return {
    x: state.contentXDip + state.zoomFactor * (state.xCss + (x - state.m02) / state.m00),
    y: state.contentYDip + state.zoomFactor * (state.yCss + (y - state.m12) / state.m11),
  };
}
