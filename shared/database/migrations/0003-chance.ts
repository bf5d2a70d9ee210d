/** Further measures, and how mined pairs stand to chance. */
export const migration0003 = `
CREATE TABLE mined_new (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  measure TEXT NOT NULL,
  -- Every stored pair lies above it; by kind of image it may be higher (groups).
  threshold REAL NOT NULL,
  images INTEGER NOT NULL,
  compared INTEGER NOT NULL,
  found INTEGER NOT NULL,
  undefined_pairs INTEGER NOT NULL,
  -- JSON: for each kind of image its threshold, rates and counts (MinedGroup); empty for older runs.
  groups TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(groups)),
  PRIMARY KEY (run_id, measure)
) STRICT, WITHOUT ROWID;
INSERT INTO mined_new (run_id, measure, threshold, images, compared, found, undefined_pairs)
  SELECT run_id, measure, threshold, images, compared, found, undefined_pairs FROM mined;
DROP TABLE mined;
ALTER TABLE mined_new RENAME TO mined;

CREATE TABLE pair_new (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  measure TEXT NOT NULL,
  image_a INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  image_b INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  relation REAL NOT NULL,
  -- MultiMatch's five; null for other measures.
  shape REAL,
  direction REAL,
  length REAL,
  position REAL,
  duration REAL,
  -- Probability that chance gives so high a relation, and that adjusted for all pairs; null for older runs.
  p_value REAL CHECK (p_value BETWEEN 0 AND 1),
  q_value REAL CHECK (q_value BETWEEN 0 AND 1),
  UNIQUE (run_id, measure, image_a, image_b),
  CHECK (image_a < image_b)
) STRICT;
INSERT INTO pair_new (id, run_id, measure, image_a, image_b, relation, shape, direction, length, position, duration)
  SELECT id, run_id, measure, image_a, image_b, relation, shape, direction, length, position, duration FROM pair;
DROP TABLE pair;
ALTER TABLE pair_new RENAME TO pair;
CREATE INDEX pair_by_relation ON pair (run_id, measure, relation DESC, id);
`;
