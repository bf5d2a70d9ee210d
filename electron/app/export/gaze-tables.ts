import type { Fixation } from '../../../shared/gaze/fixations.ts';
import type { MappedSample } from '../../../shared/gaze/map-to-image.ts';
import type { GazeSample, RecordingEvent, ViewportState } from '../../../shared/gaze/samples.ts';
import { type Column, column, type Table } from './table.ts';

/** A row that belongs to a reading and has a number in it. */
type Numbered = { readonly readingId: number; readonly seq: number };
const numbered = <Row extends Numbered>(): readonly Column<Row>[] => [
  column('reading_id', 'integer', '', 'Row of readings.csv', (row) => row.readingId),
  column('seq', 'integer', '', 'Order in which it was recorded, from 0', (row) => row.seq),
];
const time = 'Station time since the start of the recording, monotonic';

/** A sample as recorded and where it lay. */
export type SampleRow = Numbered & { readonly sample: GazeSample; readonly mapped: MappedSample };

/** gaze_samples.csv */
export const sampleTable: Table<SampleRow> = {
  file: 'gaze_samples.csv',
  description:
    'Every sample as recorded, in the order in which it came, with the image point derived from it. Times can go backwards where the source did so.',
  columns: [
    ...numbered<SampleRow>(),
    column('t_us', 'integer', 'us', time, (r) => r.sample.tUs),
    column(
      'x_dip',
      'number',
      'DIP',
      'Screen, from the left edge of the primary display; empty: lost',
      (r) => r.sample.xDip,
    ),
    column(
      'y_dip',
      'number',
      'DIP',
      'Screen, from the top edge of the primary display; empty: lost',
      (r) => r.sample.yDip,
    ),
    column('valid', 'flag', '', '0: the source gave no usable point', (r) => r.sample.valid),
    column(
      'confidence',
      'number',
      '',
      'The source’s own, 0 to 1; empty where it gives none',
      (r) => r.sample.confidence,
    ),
    column(
      'image_id',
      'integer',
      '',
      'Row of images.csv under the sample; empty: none',
      (r) => r.mapped.imageId,
    ),
    column('frame', 'integer', '', 'Frame of the image, from 0', (r) =>
      r.mapped.imageId === null ? null : r.mapped.frame,
    ),
    column(
      'image_x_px',
      'number',
      'px',
      'Column in the stored image, centre of the first pixel = 0; can lie beside the picture',
      (r) => (r.mapped.imageId === null ? null : r.mapped.x),
    ),
    column(
      'image_y_px',
      'number',
      'px',
      'Row in the stored image, centre of the first pixel = 0',
      (r) => (r.mapped.imageId === null ? null : r.mapped.y),
    ),
    column(
      'off_image',
      'text',
      '',
      'Why there is no image point: lost, or off-panes (on no image)',
      (r) => (r.mapped.imageId === null ? r.mapped.reason : null),
    ),
  ],
};

/** A viewport state as recorded. */
export type StateRow = Numbered & { readonly state: ViewportState };

const affine = ['m00', 'm01', 'm02', 'm10', 'm11', 'm12'] as const;

/** viewport_states.csv */
export const stateTable: Table<StateRow> = {
  file: 'viewport_states.csv',
  description:
    'What each pane showed from t_us until the next row of the same pane. Image points can be computed again from it and gaze_samples.csv.',
  columns: [
    ...numbered<StateRow>(),
    column(
      't_us',
      'integer',
      'us',
      `${time}; the moment at which it was on screen`,
      (r) => r.state.tUs,
    ),
    column('pane', 'integer', '', 'Pane of the layout, from 0', (r) => r.state.pane),
    column(
      'image_id',
      'integer',
      '',
      'Image shown; empty: none from now on',
      (r) => r.state.imageId,
    ),
    column('frame', 'integer', '', 'Frame shown, from 0', (r) => r.state.frame),
    column(
      'content_x_dip',
      'number',
      'DIP',
      'Screen place of the page’s left edge',
      (r) => r.state.contentXDip,
    ),
    column(
      'content_y_dip',
      'number',
      'DIP',
      'Screen place of the page’s top edge',
      (r) => r.state.contentYDip,
    ),
    column('zoom_factor', 'number', 'DIP/CSS px', 'Zoom of the page', (r) => r.state.zoomFactor),
    column(
      'device_pixel_ratio',
      'number',
      '',
      'Device pixels of one CSS pixel',
      (r) => r.state.devicePixelRatio,
    ),
    column('x_css', 'number', 'CSS px', 'Left edge of the pane in the page', (r) => r.state.xCss),
    column('y_css', 'number', 'CSS px', 'Top edge of the pane in the page', (r) => r.state.yCss),
    column('width_css', 'number', 'CSS px', 'Width of the pane', (r) => r.state.widthCss),
    column('height_css', 'number', 'CSS px', 'Height of the pane', (r) => r.state.heightCss),
    ...affine.map((name) =>
      column<StateRow>(
        name,
        'number',
        '',
        'Affine map from CSS px of the pane to image px: x = m00 u + m01 v + m02, y = m10 u + m11 v + m12',
        (r) => r.state[name],
      ),
    ),
    column(
      'window_center',
      'number',
      'image value',
      'DICOM window centre; empty where none applies',
      (r) => r.state.windowCenter,
    ),
    column(
      'window_width',
      'number',
      'image value',
      'DICOM window width; empty where none applies',
      (r) => r.state.windowWidth,
    ),
    column('invert', 'flag', '', '1: grey values inverted', (r) => r.state.invert),
    column('visible', 'flag', '', '0: page hidden or pane covered', (r) => r.state.visible),
  ],
};

/** An event as recorded. */
export type EventRow = Numbered & { readonly event: RecordingEvent };

/** recording_events.csv */
export const eventTable: Table<EventRow> = {
  file: 'recording_events.csv',
  description: 'Changes of the recording, so that a pause can be told from lost samples.',
  columns: [
    ...numbered<EventRow>(),
    column('t_us', 'integer', 'us', time, (r) => r.event.tUs),
    column(
      'kind',
      'text',
      '',
      'started, paused, resumed, source-lost, source-back or stopped',
      (r) => r.event.kind,
    ),
    column('reason', 'text', '', 'Why, in a few words', (r) => r.event.reason),
  ],
};

/** A fixation as derived. */
export type FixationRow = Numbered & { readonly imageId: number; readonly fixation: Fixation };

/** fixations.csv */
export const fixationTable: Table<FixationRow> = {
  file: 'fixations.csv',
  description:
    'Derived from the samples as the station shows and mines them. Where screen and distance are known: by I-VT (30 degrees a second) in recordings with at least 100 valid samples a second, otherwise by I-DT (x + y spread of 1 degree on the screen, or the measured gaze error where that is larger; at least 100 ms, gaps up to 75 ms). Where they are not known: by I-DT with a spread of 8 % of the mean side of the image. A fixation ends when the picture is moved, zoomed or turned.',
  columns: [
    ...numbered<FixationRow>(),
    column('image_id', 'integer', '', 'Row of images.csv', (r) => r.imageId),
    column('start_ms', 'number', 'ms', time, (r) => r.fixation.startMs),
    column(
      'duration_ms',
      'number',
      'ms',
      'First to last sample and one interval',
      (r) => r.fixation.durationMs,
    ),
    column(
      'image_x_px',
      'number',
      'px',
      'Mean column of its samples, centre of the first pixel = 0',
      (r) => r.fixation.x,
    ),
    column(
      'image_y_px',
      'number',
      'px',
      'Mean row of its samples, centre of the first pixel = 0',
      (r) => r.fixation.y,
    ),
  ],
};
