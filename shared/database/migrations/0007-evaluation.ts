/** The frozen split by patient, labels from files, results of evaluations, and lines of audit. */
export const migration0007 = `
-- How patients are put into parts: made once with a salt of this station, never changed.
CREATE TABLE split_rule (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  salt TEXT NOT NULL CHECK (length(salt) = 64),
  train_share REAL NOT NULL CHECK (train_share BETWEEN 0 AND 1),
  validation_share REAL NOT NULL CHECK (validation_share BETWEEN 0 AND 1),
  CHECK (train_share + validation_share <= 1)
) STRICT;
INSERT INTO split_rule VALUES (1, lower(hex(randomblob(32))), 0.6, 0.2);
CREATE TRIGGER split_rule_frozen BEFORE UPDATE ON split_rule
BEGIN SELECT RAISE(ABORT, 'the split is frozen'); END;
CREATE TRIGGER split_rule_kept BEFORE DELETE ON split_rule
BEGIN SELECT RAISE(ABORT, 'the split is frozen'); END;

-- The part of each patient that the station has seen; no identity, only its salted hash. Kept when the
-- patient's studies are deleted, so that the same patient comes back into the same part.
CREATE TABLE patient_part (
  patient_hash TEXT PRIMARY KEY CHECK (length(patient_hash) = 64),
  part TEXT NOT NULL CHECK (part IN ('train', 'validation', 'test')),
  assigned_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER patient_part_frozen BEFORE UPDATE ON patient_part
BEGIN SELECT RAISE(ABORT, 'the split is frozen'); END;
CREATE TRIGGER patient_part_kept BEFORE DELETE ON patient_part
BEGIN SELECT RAISE(ABORT, 'the split is frozen'); END;

-- An imported file of labels; the newest is used.
CREATE TABLE label_set (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL CHECK (length(file_sha256) = 64),
  user_id INTEGER NOT NULL REFERENCES user (id),
  imported_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE image_label (
  label_set_id INTEGER NOT NULL REFERENCES label_set (id) ON DELETE CASCADE,
  image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  label TEXT NOT NULL CHECK (length(label) > 0),
  PRIMARY KEY (label_set_id, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX image_label_by_image ON image_label (image_id);

-- What a run's encoder was worth on the frozen split.
CREATE TABLE evaluation (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL UNIQUE REFERENCES run (id) ON DELETE CASCADE,
  outcome TEXT NOT NULL CHECK (outcome IN ('measured', 'refused')),
  label_set_id INTEGER REFERENCES label_set (id) ON DELETE SET NULL,
  -- JSON of an EvaluationResult.
  result TEXT NOT NULL CHECK (json_valid(result)),
  evaluated_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX evaluation_by_label_set ON evaluation (label_set_id);

-- Who did what; lines are added, never changed. Details never hold a patient.
CREATE TABLE audit_line (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  user_id INTEGER NOT NULL REFERENCES user (id),
  action TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details))
) STRICT;
CREATE TRIGGER audit_line_frozen BEFORE UPDATE ON audit_line
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_line_kept BEFORE DELETE ON audit_line
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;

-- The stage 'evaluate'. A rebuilt table would take its children with it, so the column is replaced.
ALTER TABLE run ADD COLUMN stage_now TEXT
  CHECK (stage_now IN ('snapshot', 'mine', 'prepare-images', 'pretrain', 'save', 'evaluate'));
UPDATE run SET stage_now = stage;
ALTER TABLE run DROP COLUMN stage;
ALTER TABLE run RENAME COLUMN stage_now TO stage;
`;
