/** How a gaze sample came about. `pointer` and `simulated` are never real gaze and are labelled so everywhere. */
export const gazeSourceIds = ['webgazer', 'pointer', 'replay', 'simulated'] as const;
export type GazeSourceId = (typeof gazeSourceIds)[number];

/** One gaze sample in screen space, as recorded; written once, never changed. */
export type GazeSample = {
  /** Station time in microseconds, monotonic, from the start of the recording. */
  readonly tUs: number;
  /** Device-independent screen pixels; NaN never: a lost sample has `valid: false` and x = y = null. */
  readonly xDip: number | null;
  readonly yDip: number | null;
  readonly valid: boolean;
  /** The source's own confidence in [0, 1], or null where it gives none. */
  readonly confidence: number | null;
};

/** Whether a sample says where the eye looked and when; NaN and infinity count as lost. */
export const hasPlace = ({ tUs, xDip, yDip, valid }: GazeSample): boolean =>
  valid && xDip !== null && yDip !== null && Number.isFinite(tUs + xDip + yDip);

/** What one pane showed from `tUs` until the next state of the same pane. */
export type ViewportState = {
  /** Station time in microseconds at which the state was on screen. */
  readonly tUs: number;
  /** Pane number of the layout, from 0. */
  readonly pane: number;
  /** Image shown, by its database id; null: the pane shows nothing from now on. */
  readonly imageId: number | null;
  readonly frame: number;
  /** Screen position of the page's viewport origin, device-independent pixels. */
  readonly contentXDip: number;
  readonly contentYDip: number;
  /** Page zoom: screen DIP for one CSS pixel. */
  readonly zoomFactor: number;
  readonly devicePixelRatio: number;
  /** The pane's rectangle in CSS pixels of the page. */
  readonly xCss: number;
  readonly yCss: number;
  readonly widthCss: number;
  readonly heightCss: number;
  /** CSS pixels measured from the pane's top left corner -> image pixels (centres at integers). */
  readonly m00: number;
  readonly m01: number;
  readonly m02: number;
  readonly m10: number;
  readonly m11: number;
  readonly m12: number;
  readonly windowCenter: number | null;
  readonly windowWidth: number | null;
  readonly invert: boolean;
  /** False while the page is hidden or something covers the pane. */
  readonly visible: boolean;
};

/** Changes of the recording's state, so that a gap can be told from a loss. */
export const recordingEventKinds = [
  'started',
  'paused',
  'resumed',
  'source-lost',
  'source-back',
  'stopped',
] as const;
export type RecordingEventKind = (typeof recordingEventKinds)[number];
export type RecordingEvent = {
  readonly tUs: number;
  readonly kind: RecordingEventKind;
  /** Why, in a few words of the product ("key", "camera unplugged"); never personal. */
  readonly reason: string;
};
