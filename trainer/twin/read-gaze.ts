import type { Fixation } from '../../shared/gaze/fixations.ts';

import { type GazeGeometry, lookSigmaDip } from '../../shared/gaze/geometry.ts';
import { detectImageFixations, detectOnScreen } from '../../shared/gaze/image-fixations.ts';
import type { ImageGaze, ImageSize } from '../../shared/gaze/image-gaze.ts';
import type { GazeSample } from '../../shared/gaze/samples.ts';
import { badFile } from './file-faults.ts';
import { type ColumnNames, readNumber, readTable } from './read-table.ts';

type Column =
  'image' | 'reader' | 'timeMs' | 'timeS' | 'timeUs' | 'x' | 'y' | 'valid' | 'durationMs';

const columns: ColumnNames<Column> = {
  image: ['image', 'image_id', 'image_name', 'file', 'filename', 'file_name', 'name'],
  reader: ['reader', 'reader_id', 'participant', 'observer', 'user', 'radiologist'],
  timeMs: ['time_ms', 'timestamp_ms', 't_ms', 'start_ms', 'time', 'timestamp'],
  timeS: ['time_s', 'timestamp_s', 't_s', 'start_s'],
  timeUs: ['time_us', 'timestamp_us', 't_us'],
  x: ['x', 'gaze_x', 'x_px', 'image_x'],
  y: ['y', 'gaze_y', 'y_px', 'image_y'],
  valid: ['valid', 'validity'],
  durationMs: ['duration_ms', 'fixation_duration_ms'],
};

/** One reader's samples on one image, in order of time; null: lost. Image pixels, centres at integers. */
export type GazeTrack = {
  readonly image: string;
  readonly reader: string;
  readonly samples: readonly {
    readonly tMs: number;
    readonly x: number | null;
    readonly y: number | null;
    /** Where the row is a fixation and not a sample. */
    readonly durationMs?: number;
  }[];
};

const falseWords = new Set(['0', 'false', 'no', 'invalid', 'lost']);
/** A longer one is a number in another unit. */
const longestFixationMs = 60_000;

/** Length of a fixation, milliseconds. Throws StationError invalid-input where it can be none. */
function readDuration(file: string, line: number, value: string): number {
  const durationMs = readNumber(file, line, 'duration_ms', value);
  if (durationMs >= 0 && durationMs <= longestFixationMs) return durationMs;
  const most = longestFixationMs.toLocaleString('en-GB');
  throw badFile(file, line, `duration_ms is "${value}": a fixation has 0 to ${most} milliseconds`);
}

/** Whether a row stands twice: no tracker sees the same place twice at one time. */
const isSame = (
  a: GazeTrack['samples'][number],
  b: GazeTrack['samples'][number] | undefined,
): boolean => a.tMs === b?.tMs && a.x === b.x && a.y === b.y && a.durationMs === b.durationMs;

const lostWords = new Set(['nan', 'na', 'null', 'none', '.']);

/**
 * Gaze of readers on images: columns image, x, y (image pixels, top left pixel's centre at 0, 0), time_ms (or
 * time_s, time_us), and if there are any reader, valid (0 or false: lost), duration_ms (rows are then fixations).
 * A sample without coordinates is lost; a row that stands twice counts once. Throws StationError file-missing, no-permission, invalid-input with the line.
 */
export async function readGaze(file: string): Promise<readonly GazeTrack[]> {
  const tracks = new Map<
    string,
    { image: string; reader: string; samples: GazeTrack['samples'][number][]; bare?: number }
  >();
  for await (const { line, values } of readTable(file, columns, ['image', 'x', 'y'])) {
    const { image, reader = 'reader', durationMs, valid } = values;
    if (image === undefined) throw badFile(file, line, 'the row names no image');
    const [time, factor] =
      values.timeMs !== undefined
        ? [values.timeMs, 1]
        : values.timeS !== undefined
          ? [values.timeS, 1000]
          : [values.timeUs, 1 / 1000];
    if (time === undefined) throw badFile(file, line, 'no time (time_ms, time_s or time_us)');
    const lost =
      [values.x, values.y].some(
        (each) => each === undefined || lostWords.has(each.toLowerCase()),
      ) ||
      (valid !== undefined && falseWords.has(valid.toLowerCase()));
    const key = `${image}\n${reader}`;
    const track = tracks.get(key) ?? { image, reader, samples: [] };
    tracks.set(key, track);
    // A place without a duration, where the other rows are fixations.
    if (!lost && durationMs === undefined) track.bare ??= line;
    track.samples.push({
      tMs: readNumber(file, line, 'time', time) * factor,
      x: lost ? null : readNumber(file, line, 'x', values.x ?? ''),
      y: lost ? null : readNumber(file, line, 'y', values.y ?? ''),
      ...(durationMs !== undefined && { durationMs: readDuration(file, line, durationMs) }),
    });
  }
  return [...tracks.values()].map(({ image, reader, samples, bare }) => {
    if (bare !== undefined && samples.some(({ durationMs }) => durationMs !== undefined))
      throw badFile(file, bare, 'the fixation has no duration_ms, and others have one');
    const inOrder = samples.toSorted((a, b) => a.tMs - b.tMs);
    return { image, reader, samples: inOrder.filter((each, i) => !isSame(each, inOrder[i - 1])) };
  });
}

/** Distance at which the geometry of image pixels is put; only the angle counts. */
const viewingDistanceMm = 600;

/** The geometry by which one degree of visual angle is so many image pixels. */
export function geometryOf(pxPerDegree: number): GazeGeometry {
  const degreeMm = 2 * viewingDistanceMm * Math.tan(Math.PI / 360);
  return { mmPerDip: degreeMm / pxPerDegree, viewingDistanceMm, gazeErrorDip: null };
}

/** Step at which a listed fixation stands for samples, where a measure compares samples. */
const sampleStepMs = 1000 / 60;

/** The share of a track's samples that are lost. */
export const lostShareOf = ({ samples }: GazeTrack): number =>
  samples.filter(({ x }) => x === null).length / samples.length;

/**
 * A track as the station has gaze on an image: points on it and fixations by the station's own filter, in degrees
 * where `pxPerDegree` is known. Rows that are fixations stay as they are.
 */
export function toImageGaze(
  { samples }: GazeTrack,
  imageId: number,
  { columns: width, rows: height }: ImageSize,
  pxPerDegree: number | undefined,
): ImageGaze {
  const inside = (x: number, y: number): boolean =>
    x >= -0.5 && y >= -0.5 && x < width - 0.5 && y < height - 0.5;
  const geometry = pxPerDegree === undefined ? undefined : geometryOf(pxPerDegree);
  const found = samples.flatMap(({ tMs, x, y, durationMs }) =>
    x === null || y === null ? [] : [{ tMs, x, y, durationMs }],
  );
  const onImage = found.filter(({ x, y }) => inside(x, y));
  const listed = onImage.some(({ durationMs }) => durationMs !== undefined);
  const points = listed
    ? onImage.flatMap(({ tMs, x, y, durationMs = 0 }) =>
        Array.from({ length: Math.max(1, Math.round(durationMs / sampleStepMs)) }, (_, k) => ({
          tMs: tMs + k * sampleStepMs,
          x,
          y,
        })),
      )
    : onImage.map(({ tMs, x, y }) => ({ tMs, x, y }));
  const onScreen = samples.map(({ tMs, x, y }): GazeSample => ({
    tUs: tMs * 1000,
    xDip: x,
    yDip: y,
    valid: x !== null,
    confidence: null,
  }));
  const fixations: readonly Fixation[] = listed
    ? onImage.map(({ tMs, x, y, durationMs = 0 }) => ({ startMs: tMs, x, y, durationMs }))
    : detectImageFixations(
        {
          columns: width,
          rows: height,
          points: points.map((p) => ({ ...p, view: 0 })),
          pixelsPerDip: [1],
        },
        geometry,
        detectOnScreen(onScreen, geometry),
      );
  return {
    imageId,
    columns: width,
    rows: height,
    points,
    beside: found.length - onImage.length,
    fixations,
    sigmaPx:
      geometry === undefined ? (30.2 / 800) * Math.sqrt(width * height) : lookSigmaDip(geometry),
  };
}
