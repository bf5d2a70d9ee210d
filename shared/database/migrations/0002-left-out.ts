/** Counts the images that a run leaves out because they cannot be decoded. */
export const migration0002 = `
ALTER TABLE run ADD COLUMN left_out_count INTEGER NOT NULL DEFAULT 0 CHECK (left_out_count >= 0);
`;
