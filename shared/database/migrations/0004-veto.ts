/** Pairs that a person has refused: no run takes them, whatever they were looked at like. */
export const migration0004 = `
CREATE TABLE pair_veto (
  image_a INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  image_b INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES user (id),
  vetoed_at_ms INTEGER NOT NULL,
  PRIMARY KEY (image_a, image_b),
  CHECK (image_a < image_b)
) STRICT, WITHOUT ROWID;
CREATE INDEX pair_veto_by_b ON pair_veto (image_b);
`;
