/**
 * The first schema. Raw gaze (gaze_sample, viewport_state, recording_event) is written once; everything
 * mined or trained from it can be deleted and computed again.
 */
export const migration0001 = `
CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  pseudonym TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('reader', 'admin')),
  simulated INTEGER NOT NULL DEFAULT 0 CHECK (simulated IN (0, 1)),
  created_at_ms INTEGER NOT NULL,
  notice_acknowledged_at_ms INTEGER
) STRICT;

-- One row for each time a reader decides; the newest counts.
CREATE TABLE consent (
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES user (id),
  text_version INTEGER NOT NULL,
  record INTEGER NOT NULL CHECK (record IN (0, 1)),
  train INTEGER NOT NULL CHECK (train IN (0, 1)),
  export INTEGER NOT NULL CHECK (export IN (0, 1)),
  decided_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX consent_by_user ON consent (user_id, id);

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE study (
  id INTEGER PRIMARY KEY,
  study_uid TEXT NOT NULL UNIQUE,
  patient_key TEXT NOT NULL,
  patient TEXT NOT NULL,
  description TEXT NOT NULL,
  modality TEXT NOT NULL CHECK (modality IN ('MG', 'OP', 'OT')),
  study_date TEXT NOT NULL,
  simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
  demonstration INTEGER NOT NULL CHECK (demonstration IN (0, 1)),
  imported_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX study_by_patient ON study (patient_key, study_date);
CREATE INDEX study_by_modality ON study (modality, id);

-- The bytes lie in the data folder as files/<first two hex digits>/<sha256>.
CREATE TABLE image (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  format TEXT NOT NULL CHECK (format IN ('dicom', 'jpeg', 'png')),
  file_bytes INTEGER NOT NULL CHECK (file_bytes > 0),
  original_name TEXT NOT NULL,
  row_count INTEGER NOT NULL CHECK (row_count > 0),
  column_count INTEGER NOT NULL CHECK (column_count > 0),
  frame_count INTEGER NOT NULL CHECK (frame_count > 0),
  laterality TEXT CHECK (laterality IN ('L', 'R')),
  view_position TEXT,
  sop_instance_uid TEXT,
  series_uid TEXT,
  transfer_syntax TEXT,
  photometric TEXT,
  simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
  attribution TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX image_by_study ON image (study_id, id);

CREATE TABLE reading (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study (id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES user (id),
  state TEXT NOT NULL CHECK (state IN ('open', 'finished', 'left', 'interrupted')),
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  assessment TEXT CHECK (assessment IN ('normal', 'benign', 'suspicious')),
  note TEXT NOT NULL DEFAULT '',
  CHECK ((state = 'finished') = (assessment IS NOT NULL))
) STRICT;
CREATE INDEX reading_by_study ON reading (study_id, id);
CREATE INDEX reading_by_state ON reading (state, id);

CREATE TABLE gaze_recording (
  id INTEGER PRIMARY KEY,
  reading_id INTEGER NOT NULL UNIQUE REFERENCES reading (id) ON DELETE CASCADE,
  source TEXT NOT NULL CHECK (source IN ('webgazer', 'pointer', 'replay', 'simulated')),
  simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
  device TEXT NOT NULL,
  nominal_hz REAL,
  app_version TEXT NOT NULL,
  screen_width_mm REAL,
  viewing_distance_mm REAL,
  consent_id INTEGER REFERENCES consent (id),
  started_at_ms INTEGER NOT NULL,
  CHECK (source = 'webgazer' OR simulated = 1),
  CHECK (source = 'simulated' OR consent_id IS NOT NULL)
) STRICT;

CREATE TABLE gaze_sample (
  recording_id INTEGER NOT NULL REFERENCES gaze_recording (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  t_us INTEGER NOT NULL,
  x_dip REAL,
  y_dip REAL,
  valid INTEGER NOT NULL CHECK (valid IN (0, 1)),
  confidence REAL,
  PRIMARY KEY (recording_id, seq),
  CHECK (valid = 0 OR (x_dip IS NOT NULL AND y_dip IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE viewport_state (
  recording_id INTEGER NOT NULL REFERENCES gaze_recording (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  t_us INTEGER NOT NULL,
  pane INTEGER NOT NULL,
  image_id INTEGER REFERENCES image (id),
  frame INTEGER NOT NULL,
  content_x_dip REAL NOT NULL,
  content_y_dip REAL NOT NULL,
  zoom_factor REAL NOT NULL,
  device_pixel_ratio REAL NOT NULL,
  x_css REAL NOT NULL,
  y_css REAL NOT NULL,
  width_css REAL NOT NULL,
  height_css REAL NOT NULL,
  m00 REAL NOT NULL,
  m01 REAL NOT NULL,
  m02 REAL NOT NULL,
  m10 REAL NOT NULL,
  m11 REAL NOT NULL,
  m12 REAL NOT NULL,
  window_center REAL,
  window_width REAL,
  invert INTEGER NOT NULL CHECK (invert IN (0, 1)),
  visible INTEGER NOT NULL CHECK (visible IN (0, 1)),
  PRIMARY KEY (recording_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX viewport_state_by_image ON viewport_state (image_id);

CREATE TABLE recording_event (
  recording_id INTEGER NOT NULL REFERENCES gaze_recording (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  t_us INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('started', 'paused', 'resumed', 'source-lost', 'source-back', 'stopped')),
  reason TEXT NOT NULL,
  PRIMARY KEY (recording_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
  id INTEGER PRIMARY KEY,
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  looked_at INTEGER NOT NULL DEFAULT 0,
  taken INTEGER NOT NULL DEFAULT 0,
  already_there INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  read_bytes INTEGER NOT NULL DEFAULT 0,
  stopped_code TEXT,
  stopped_details TEXT
) STRICT;

CREATE TABLE import_refusal (
  import_id INTEGER NOT NULL REFERENCES import (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  file TEXT NOT NULL,
  code TEXT NOT NULL,
  -- Words for the sentence, one 'name=value' a line.
  details TEXT NOT NULL,
  PRIMARY KEY (import_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'cancelled', 'failed', 'interrupted')),
  stage TEXT CHECK (stage IN ('snapshot', 'mine', 'prepare-images', 'pretrain', 'save')),
  -- The whole RunConfiguration as it stands in the run folder's run.json.
  configuration TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES user (id),
  created_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  ended_at_ms INTEGER,
  error_code TEXT,
  error_details TEXT,
  engine TEXT,
  engine_reason TEXT,
  image_count INTEGER,
  simulated INTEGER NOT NULL DEFAULT 0 CHECK (simulated IN (0, 1)),
  log TEXT NOT NULL DEFAULT '',
  app_version TEXT NOT NULL
) STRICT;

CREATE TABLE run_point (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  loss REAL NOT NULL,
  learning_rate REAL NOT NULL,
  images_per_second REAL NOT NULL,
  embedding_spread REAL,
  PRIMARY KEY (run_id, step)
) STRICT, WITHOUT ROWID;

-- Readings whose gaze went into a run: lineage, both ways.
CREATE TABLE run_reading (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  reading_id INTEGER NOT NULL REFERENCES reading (id) ON DELETE CASCADE,
  PRIMARY KEY (run_id, reading_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_reading_by_reading ON run_reading (reading_id);

CREATE TABLE mined (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  measure TEXT NOT NULL CHECK (measure IN ('difference-hash', 'multimatch')),
  threshold REAL NOT NULL,
  images INTEGER NOT NULL,
  compared INTEGER NOT NULL,
  found INTEGER NOT NULL,
  undefined_pairs INTEGER NOT NULL,
  PRIMARY KEY (run_id, measure)
) STRICT, WITHOUT ROWID;

CREATE TABLE pair (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  measure TEXT NOT NULL CHECK (measure IN ('difference-hash', 'multimatch')),
  image_a INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  image_b INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  relation REAL NOT NULL,
  -- MultiMatch's five; null for other measures.
  shape REAL,
  direction REAL,
  length REAL,
  position REAL,
  duration REAL,
  UNIQUE (run_id, measure, image_a, image_b),
  CHECK (image_a < image_b)
) STRICT;
CREATE INDEX pair_by_relation ON pair (run_id, measure, relation DESC, id);

CREATE TABLE model (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL UNIQUE REFERENCES run (id),
  -- Relative to the data folder.
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  parameter_count INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
`;
