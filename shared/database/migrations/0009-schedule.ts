/** The schedule, the queue that survives a restart, why a run waits, and what a finished run still shows. */
export const migration0009 = `
-- JSON list of HoldReason: why the run waits; empty while it goes on.
ALTER TABLE run ADD COLUMN holds TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(holds));
-- What began it: a person, or the schedule for one of its reasons.
ALTER TABLE run ADD COLUMN started_for TEXT NOT NULL DEFAULT 'hand'
  CHECK (started_for IN ('hand', 'readings', 'pairs', 'time'));
-- Order of the queue; counts only while the state is queued.
ALTER TABLE run ADD COLUMN queue_place INTEGER NOT NULL DEFAULT 0;
-- Whether a queued run goes on from its checkpoint.
ALTER TABLE run ADD COLUMN resume INTEGER NOT NULL DEFAULT 0 CHECK (resume IN (0, 1));
-- JSON list of {engine, reason}.
ALTER TABLE run ADD COLUMN refused_engines TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(refused_engines));
-- JSON list of {code, details}: what the run met and went on from.
ALTER TABLE run ADD COLUMN notices TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notices));
CREATE INDEX run_by_queue ON run (queue_place, id) WHERE state = 'queued';

-- The trainer's resident memory over time, thinned.
CREATE TABLE run_memory (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL,
  resident_bytes INTEGER NOT NULL CHECK (resident_bytes >= 0),
  PRIMARY KEY (run_id, at_ms)
) STRICT, WITHOUT ROWID;

-- When runs begin by themselves; one row, or none.
CREATE TABLE schedule (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- Null: not for this reason.
  least_readings INTEGER CHECK (least_readings >= 1),
  least_pairs INTEGER CHECK (least_pairs >= 1),
  -- Minute of the local day.
  at_minute INTEGER CHECK (at_minute BETWEEN 0 AND 1439),
  -- JSON of a RunConfiguration.
  configuration TEXT NOT NULL CHECK (json_valid(configuration)),
  user_id INTEGER NOT NULL REFERENCES user (id),
  set_at_ms INTEGER NOT NULL
) STRICT;
`;
