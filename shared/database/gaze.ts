import { noScreenFacts, type ScreenFacts } from '../gaze/geometry.ts';
import type { GazeSample, GazeSourceId, RecordingEvent, ViewportState } from '../gaze/samples.ts';
import type { ReadDatabase, WriteDatabase } from './open.ts';

export type NewRecording = ScreenFacts & {
  readonly readingId: number;
  readonly source: GazeSourceId;
  readonly device: string;
  readonly nominalHz: number | null;
  readonly appVersion: string;
  /** The decision that allows it; null for gaze made by a program. */
  readonly consentId: number | null;
  readonly startedAtMs: number;
};

/** Adds a recording; answers its id. Everything but a camera's gaze is simulated. */
export function insertRecording(database: WriteDatabase, recording: NewRecording): number {
  const { lastInsertRowid } = database
    .prepare(
      `INSERT INTO gaze_recording (reading_id, source, simulated, device, nominal_hz, app_version, screen_width_mm,
         screen_width_dip, viewing_distance_mm, gaze_error_dip, consent_id, started_at_ms)
       VALUES (@readingId, @source, @simulated, @device, @nominalHz, @appVersion, @screenWidthMm,
         @screenWidthDip, @viewingDistanceMm, @gazeErrorDip, @consentId, @startedAtMs)`,
    )
    .run({ ...recording, simulated: Number(recording.source !== 'webgazer') });
  return Number(lastInsertRowid);
}

/** The recording of a reading, or undefined where it had none. */
export function findRecordingId(database: ReadDatabase, readingId: number): number | undefined {
  const row = database.prepare('SELECT id FROM gaze_recording WHERE reading_id = ?').get(readingId);
  return (row as { readonly id: number } | undefined)?.id;
}

/** What is known of the screen and the eye of a recording. */
export function findScreenFacts(database: ReadDatabase, recordingId: number): ScreenFacts {
  const row = database
    .prepare(
      `SELECT screen_width_mm AS screenWidthMm, screen_width_dip AS screenWidthDip,
         viewing_distance_mm AS viewingDistanceMm, gaze_error_dip AS gazeErrorDip
       FROM gaze_recording WHERE id = ?`,
    )
    .get(recordingId);
  return row === undefined ? noScreenFacts : (row as ScreenFacts);
}

/** What came in one message; each list in the order in which it was made. */
export type GazeBatch = {
  readonly samples: readonly GazeSample[];
  readonly states: readonly ViewportState[];
  readonly events: readonly RecordingEvent[];
};

/** The numbers that the next sample, state and event of a recording will have. */
export type NextNumbers = {
  readonly sample: number;
  readonly state: number;
  readonly event: number;
};

/** Where the numbering of a recording continues. */
export function nextNumbers(database: ReadDatabase, recordingId: number): NextNumbers {
  const next = (table: string): string =>
    `(SELECT coalesce(max(seq) + 1, 0) FROM ${table} WHERE recording_id = @recordingId)`;
  return database
    .prepare(
      `SELECT ${next('gaze_sample')} AS sample, ${next('viewport_state')} AS state, ${next('recording_event')} AS event`,
    )
    .get({ recordingId }) as NextNumbers;
}

/** The column of each field of a sample. */
const sampleColumns = {
  t_us: 'tUs',
  x_dip: 'xDip',
  y_dip: 'yDip',
  valid: 'valid',
  confidence: 'confidence',
} as const satisfies Record<string, keyof GazeSample>;

/** The column of each field of a viewport state. */
const stateColumns = {
  t_us: 'tUs',
  pane: 'pane',
  image_id: 'imageId',
  frame: 'frame',
  content_x_dip: 'contentXDip',
  content_y_dip: 'contentYDip',
  zoom_factor: 'zoomFactor',
  device_pixel_ratio: 'devicePixelRatio',
  x_css: 'xCss',
  y_css: 'yCss',
  width_css: 'widthCss',
  height_css: 'heightCss',
  m00: 'm00',
  m01: 'm01',
  m02: 'm02',
  m10: 'm10',
  m11: 'm11',
  m12: 'm12',
  window_center: 'windowCenter',
  window_width: 'windowWidth',
  invert: 'invert',
  visible: 'visible',
} as const satisfies Record<string, keyof ViewportState>;

const eventColumns = {
  t_us: 'tUs',
  kind: 'kind',
  reason: 'reason',
} as const satisfies Record<string, keyof RecordingEvent>;

function insertion(table: string, columns: Readonly<Record<string, string>>): string {
  const names = ['recording_id', 'seq', ...Object.keys(columns)];
  const values = ['@recordingId', '@seq', ...Object.values(columns).map((field) => `@${field}`)];
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')})`;
}

function selection(table: string, columns: Readonly<Record<string, string>>): string {
  const fields = Object.entries(columns).map(([column, field]) => `${column} AS ${field}`);
  return `SELECT ${fields.join(', ')} FROM ${table} WHERE recording_id = ? ORDER BY seq`;
}

/** Adds rows to recordings; holds its prepared statements, so make one for a connection. */
export type GazeAppender = (recordingId: number, first: NextNumbers, batch: GazeBatch) => void;

/**
 * Makes the function that writes one batch in one transaction, numbered from `first`: all of it is
 * stored or nothing. With WAL a stored batch outlives the death of this process.
 */
export function prepareAppending(database: WriteDatabase): GazeAppender {
  const sample = database.prepare(insertion('gaze_sample', sampleColumns));
  const state = database.prepare(insertion('viewport_state', stateColumns));
  const event = database.prepare(insertion('recording_event', eventColumns));
  return database.transaction((recordingId: number, first: NextNumbers, batch: GazeBatch) => {
    for (const [i, row] of batch.samples.entries())
      sample.run({ ...row, recordingId, seq: first.sample + i, valid: Number(row.valid) });
    for (const [i, row] of batch.states.entries())
      state.run({
        ...row,
        recordingId,
        seq: first.state + i,
        invert: Number(row.invert),
        visible: Number(row.visible),
      });
    for (const [i, row] of batch.events.entries())
      event.run({ ...row, recordingId, seq: first.event + i });
  });
}

type StoredSample = Omit<GazeSample, 'valid'> & { readonly valid: number };
type StoredState = Omit<ViewportState, 'invert' | 'visible'> & {
  readonly invert: number;
  readonly visible: number;
};

const toSample = (row: StoredSample): GazeSample => ({ ...row, valid: row.valid === 1 });

/** Samples of a recording in the order in which they came. */
export function listSamples(database: ReadDatabase, recordingId: number): readonly GazeSample[] {
  const rows = database.prepare(selection('gaze_sample', sampleColumns)).all(recordingId);
  return (rows as StoredSample[]).map(toSample);
}

/** Samples of a recording in parts of at most `size`, in the order in which they came. */
export function* iterateSamples(
  database: ReadDatabase,
  recordingId: number,
  size: number,
): Generator<readonly GazeSample[]> {
  const { sample: total } = nextNumbers(database, recordingId);
  const part = database.prepare(
    selection('gaze_sample', sampleColumns).replace(
      'ORDER BY',
      'AND seq >= ? AND seq < ? ORDER BY',
    ),
  );
  for (let from = 0; from < total; from += size)
    yield (part.all(recordingId, from, from + size) as StoredSample[]).map(toSample);
}

/** Viewport states of a recording in the order in which they came. */
export function listStates(database: ReadDatabase, recordingId: number): readonly ViewportState[] {
  const rows = database.prepare(selection('viewport_state', stateColumns)).all(recordingId);
  return (rows as StoredState[]).map((row) => ({
    ...row,
    invert: row.invert === 1,
    visible: row.visible === 1,
  }));
}

/** Events of a recording in the order in which they came. */
export function listEvents(database: ReadDatabase, recordingId: number): readonly RecordingEvent[] {
  return database
    .prepare(selection('recording_event', eventColumns))
    .all(recordingId) as RecordingEvent[];
}
