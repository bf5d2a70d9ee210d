/**
 * The registry: what a model has learnt from (kept when it is gone), which model is champion or challenger and
 * who decided so.
 */
export const migration0008 = `
-- The model's number is its version: it is never deleted, so no number is given twice.
ALTER TABLE model ADD COLUMN file_deleted_at_ms INTEGER;
CREATE TRIGGER model_stays BEFORE DELETE ON model
BEGIN
  SELECT RAISE(ABORT, 'A model is never deleted.');
END;
CREATE TRIGGER model_is_not_overwritten BEFORE UPDATE OF id, run_id, sha256, parameter_count, created_at_ms ON model
BEGIN
  SELECT RAISE(ABORT, 'A model is never overwritten.');
END;

-- Readings whose gaze a model has learnt from. No foreign key: the row outlives the reading, and says so.
-- A reading's number may be given again after it was erased; then the row speaks of the one that is gone.
CREATE TABLE model_reading (
  model_id INTEGER NOT NULL REFERENCES model (id),
  reading_id INTEGER NOT NULL,
  erased_at_ms INTEGER,
  PRIMARY KEY (model_id, reading_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX model_reading_by_reading ON model_reading (reading_id);

-- Images that a model has seen, by the SHA-256 of their files.
CREATE TABLE model_image (
  model_id INTEGER NOT NULL REFERENCES model (id),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  erased_at_ms INTEGER,
  PRIMARY KEY (model_id, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX model_image_by_sha256 ON model_image (sha256);

-- Whatever deletes a reading or an image, the models that learnt from it are marked.
CREATE TRIGGER reading_erased AFTER DELETE ON reading
BEGIN
  UPDATE model_reading SET erased_at_ms = CAST(unixepoch('subsec') * 1000 AS INTEGER)
    WHERE reading_id = OLD.id AND erased_at_ms IS NULL;
END;
CREATE TRIGGER image_erased AFTER DELETE ON image
BEGIN
  UPDATE model_image SET erased_at_ms = CAST(unixepoch('subsec') * 1000 AS INTEGER)
    WHERE sha256 = OLD.sha256 AND erased_at_ms IS NULL;
END;

-- Every change of an alias; the newest row of an alias counts.
CREATE TABLE model_alias_change (
  id INTEGER PRIMARY KEY,
  alias TEXT NOT NULL CHECK (alias IN ('champion', 'challenger')),
  -- Null: nobody has the alias from now on.
  model_id INTEGER REFERENCES model (id),
  kind TEXT NOT NULL CHECK (kind IN ('registered', 'promoted', 'rolled-back')),
  -- The administrator who decided, by the name of that day; null where a finished run made a challenger.
  user_id INTEGER REFERENCES user (id),
  user_name TEXT,
  changed_at_ms INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  -- JSON: what the administrator had been shown (ShownComparison).
  shown TEXT CHECK (shown IS NULL OR json_valid(shown)),
  CHECK (kind = 'registered' OR (user_id IS NOT NULL AND user_name <> '')),
  CHECK (alias = 'challenger' OR kind <> 'registered'),
  CHECK (alias = 'challenger' OR kind <> 'promoted' OR shown IS NOT NULL)
) STRICT;
CREATE INDEX model_alias_change_by_alias ON model_alias_change (alias, id);
CREATE TRIGGER model_alias_change_stays BEFORE DELETE ON model_alias_change
BEGIN
  SELECT RAISE(ABORT, 'The history of aliases is never shortened.');
END;
CREATE TRIGGER model_alias_change_is_not_edited BEFORE UPDATE ON model_alias_change
BEGIN
  SELECT RAISE(ABORT, 'The history of aliases is never edited.');
END;

-- Models of before: what their runs still know.
INSERT INTO model_reading (model_id, reading_id)
  SELECT m.id, r.reading_id FROM model m JOIN run_reading r ON r.run_id = m.run_id;
INSERT INTO model_alias_change (alias, model_id, kind, changed_at_ms)
  SELECT 'challenger', id, 'registered', created_at_ms FROM model ORDER BY id DESC LIMIT 1;
`;
