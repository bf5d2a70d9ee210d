import { type GazeSample, hasPlace, type ViewportState } from './samples.ts';

/** Why a sample has no place on an image. */
export type OffImageReason = 'lost' | 'off-panes';

/** A sample's place on the image that was under it, pixel centres at integers; may lie beside the picture. */
export type MappedSample =
  | {
      readonly tUs: number;
      readonly imageId: number;
      readonly frame: number;
      readonly x: number;
      readonly y: number;
      /** What was on screen and placed it. */
      readonly state: ViewportState;
    }
  | { readonly tUs: number; readonly imageId: null; readonly reason: OffImageReason };

/** The states of one pane in order of time. */
type Track = { readonly states: readonly ViewportState[]; cursor: number };

function byPane(states: readonly ViewportState[]): Track[] {
  const panes = new Map<number, ViewportState[]>();
  for (const state of states) {
    const list = panes.get(state.pane);
    if (list === undefined) panes.set(state.pane, [state]);
    else list.push(state);
  }
  // A stable sort: of two states at one time the later written counts.
  return [...panes.values()].map((list) => ({
    states: list.toSorted((a, b) => a.tUs - b.tUs),
    cursor: 0,
  }));
}

/** The last state with tUs <= t; the cursor makes a sequence of rising times linear. */
function stateAt(track: Track, tUs: number): ViewportState | undefined {
  const { states } = track;
  const here = states[track.cursor];
  if (here !== undefined && here.tUs <= tUs) {
    while ((states[track.cursor + 1]?.tUs ?? Infinity) <= tUs) track.cursor += 1;
    return states[track.cursor];
  }
  let low = 0;
  let high = states.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((states[middle]?.tUs ?? Infinity) <= tUs) low = middle + 1;
    else high = middle;
  }
  track.cursor = Math.max(0, low - 1);
  return states[low - 1];
}

/**
 * Places every sample on the image that lay under it when it was taken: the last state of each pane with
 * tUs <= the sample's, then the pane whose rectangle holds the point (screen DIP -> page CSS px -> pane
 * CSS px -> image px). A point on a border belongs to the pane on its right or below. Order of samples
 * and states does not matter; the answer has the order of `samples`.
 */
export function mapToImage(
  samples: readonly GazeSample[],
  states: readonly ViewportState[],
): MappedSample[] {
  const tracks = byPane(states);
  return samples.map((sample): MappedSample => {
    const { tUs, xDip, yDip } = sample;
    if (!hasPlace(sample) || xDip === null || yDip === null)
      return { tUs, imageId: null, reason: 'lost' };
    for (const track of tracks) {
      const state = stateAt(track, tUs);
      if (state === undefined || !state.visible || state.imageId === null) continue;
      const x = (xDip - state.contentXDip) / state.zoomFactor - state.xCss;
      const y = (yDip - state.contentYDip) / state.zoomFactor - state.yCss;
      if (x < 0 || y < 0 || x >= state.widthCss || y >= state.heightCss) continue;
      return {
        tUs,
        imageId: state.imageId,
        frame: state.frame,
        x: state.m00 * x + state.m01 * y + state.m02,
        y: state.m10 * x + state.m11 * y + state.m12,
        state,
      };
    }
    return { tUs, imageId: null, reason: 'off-panes' };
  });
}
