/** Where the page's viewport lies on the desktop. */
export type PageGeometry = {
  /** Device-independent pixels of the desktop at which the viewport's top left corner lies. */
  readonly contentXDip: number;
  readonly contentYDip: number;
  /** Screen DIP for one CSS pixel. The station's window does not zoom, so this is 1. */
  readonly zoomFactor: number;
  readonly devicePixelRatio: number;
};

/** Width of the whole screen in device-independent pixels; null where the browser does not tell. */
export function readScreenWidthDip(): number | null {
  const width = window.screen.width * readPageGeometry().zoomFactor;
  return width > 0 ? width : null;
}

/**
 * The window's geometry as the page can know it: side frames are equal, the rest of the height is the
 * title bar. Sources of the page add this origin and the mapping takes it off again, so for them an
 * error in it cancels.
 */
export function readPageGeometry(): PageGeometry {
  const frame = Math.max(0, (window.outerWidth - window.innerWidth) / 2);
  const title = Math.max(0, window.outerHeight - window.innerHeight - frame);
  return {
    contentXDip: window.screenX + frame,
    contentYDip: window.screenY + title,
    zoomFactor: 1,
    devicePixelRatio: window.devicePixelRatio,
  };
}
