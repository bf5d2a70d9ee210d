/** Counts the readings that a run leaves out because too much of their gaze is lost. */
export const migration0005 = `
ALTER TABLE run ADD COLUMN below_gate_count INTEGER NOT NULL DEFAULT 0 CHECK (below_gate_count >= 0);
`;
