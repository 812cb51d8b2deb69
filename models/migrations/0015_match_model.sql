-- What matching has learned of the records, and what a later import needs to be matched without reading them all again.

-- The newest row is in force. `run_id` is the import it was learned with, NULL where somebody had it learned; counts of
-- imports after `last_run_id` come on top of its own. `link_nats` is the mean score of the links that agree on more than
-- the name, among the records it was learned on; `shared` lists by kind the values that too many share.
CREATE TABLE match_model (
    id INTEGER PRIMARY KEY,
    run_id INTEGER REFERENCES import_run (id),
    last_run_id INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    version INTEGER NOT NULL,
    records INTEGER NOT NULL,
    links INTEGER NOT NULL,
    link_nats REAL NOT NULL,
    model TEXT NOT NULL,
    shared TEXT NOT NULL
) STRICT;

-- What one import added: the records whose keys it made (ids of four bytes), how values' counts changed, values that too
-- many share, and its links that agree on more than the name.
CREATE TABLE match_run (
    run_id INTEGER PRIMARY KEY REFERENCES import_run (id),
    version INTEGER NOT NULL,
    record_ids BLOB NOT NULL,
    counts TEXT NOT NULL,
    shared TEXT NOT NULL,
    links INTEGER NOT NULL,
    link_nats REAL NOT NULL
) STRICT;

-- The key of each of these records by one blocking rule, of four bytes, 0 for none.
CREATE TABLE match_key (
    run_id INTEGER NOT NULL REFERENCES match_run (run_id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (run_id, rule)
) STRICT;
