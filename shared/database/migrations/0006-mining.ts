/**
 * Signatures kept between runs, verdicts on pairs, the readings behind a pair, landmarks that align images,
 * and what a recording's angles need.
 */
export const migration0006 = `
-- Width of the whole screen and mean error of the validation before the recording; null where unknown.
ALTER TABLE gaze_recording ADD COLUMN screen_width_dip REAL CHECK (screen_width_dip > 0);
ALTER TABLE gaze_recording ADD COLUMN gaze_error_dip REAL CHECK (gaze_error_dip >= 0);

-- Where a person has marked the centre of the optic disc and the fovea; pixel centres at integers.
CREATE TABLE image_landmark (
  image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('disc', 'fovea')),
  x REAL NOT NULL,
  y REAL NOT NULL,
  user_id INTEGER NOT NULL REFERENCES user (id),
  marked_at_ms INTEGER NOT NULL,
  PRIMARY KEY (image_id, kind)
) STRICT, WITHOUT ROWID;

-- All signatures of the reading by this measure in this version are in signature (there may be none).
CREATE TABLE described_reading (
  measure TEXT NOT NULL,
  version TEXT NOT NULL,
  reading_id INTEGER NOT NULL REFERENCES reading (id) ON DELETE CASCADE,
  -- Share of the reading's samples that is lost; null without samples.
  lost_share REAL,
  PRIMARY KEY (measure, version, reading_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX described_reading_by_reading ON described_reading (reading_id);

-- Gaze of a reading on an image as a measure compares it, or why it cannot; derived, may be deleted.
CREATE TABLE signature (
  measure TEXT NOT NULL,
  version TEXT NOT NULL,
  reading_id INTEGER NOT NULL REFERENCES reading (id) ON DELETE CASCADE,
  image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  bytes BLOB,
  reason TEXT,
  PRIMARY KEY (measure, version, reading_id, image_id),
  CHECK ((bytes IS NULL) <> (reason IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX signature_by_reading ON signature (reading_id);
CREATE INDEX signature_by_image ON signature (image_id);

-- How many described readings were ever forgotten: what was read from signature before that may be stale.
CREATE TABLE forgotten_reading (count INTEGER NOT NULL) STRICT;
INSERT INTO forgotten_reading VALUES (0);
CREATE TRIGGER reading_forgotten AFTER DELETE ON described_reading
BEGIN
  UPDATE forgotten_reading SET count = count + 1;
END;

CREATE TABLE pair_verdict (
  image_a INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  image_b INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'refused')),
  user_id INTEGER NOT NULL REFERENCES user (id),
  judged_at_ms INTEGER NOT NULL,
  PRIMARY KEY (image_a, image_b),
  CHECK (image_a < image_b)
) STRICT, WITHOUT ROWID;
CREATE INDEX pair_verdict_by_b ON pair_verdict (image_b);
INSERT INTO pair_verdict SELECT image_a, image_b, 'refused', user_id, vetoed_at_ms FROM pair_veto;
DROP TABLE pair_veto;

-- Of the readings that were compared for the pair the two most alike, and how many pairs of readings there were.
ALTER TABLE pair ADD COLUMN reading_a INTEGER REFERENCES reading (id) ON DELETE SET NULL;
ALTER TABLE pair ADD COLUMN reading_b INTEGER REFERENCES reading (id) ON DELETE SET NULL;
ALTER TABLE pair ADD COLUMN reading_pairs INTEGER NOT NULL DEFAULT 1 CHECK (reading_pairs >= 1);
-- Holds all that the pairs page filters and counts by, so that a million pairs are counted without their rows.
DROP INDEX pair_by_relation;
CREATE INDEX pair_by_relation
  ON pair (run_id, measure, relation DESC, id, image_a, image_b, reading_a, reading_b);
CREATE INDEX pair_by_reading_a ON pair (reading_a);
CREATE INDEX pair_by_reading_b ON pair (reading_b);

-- JSON: whether pairs that were looked at alike have the same assessment (LabelAgreement); null where it says nothing.
ALTER TABLE mined ADD COLUMN agreement TEXT CHECK (agreement IS NULL OR json_valid(agreement));
`;
