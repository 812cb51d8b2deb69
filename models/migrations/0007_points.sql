-- Months that operations have closed.

-- A month that operations have closed: its score stands, whatever is undone or reopened afterwards.
CREATE TABLE closed_month (
    id INTEGER PRIMARY KEY,
    month TEXT NOT NULL UNIQUE CHECK (month GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'),
    closed_at INTEGER NOT NULL,
    closed_by TEXT NOT NULL
) STRICT;

-- What was counted in it, each thing once and for good. `born_at` tells a thing from a later one of the same number.
CREATE TABLE closed_score (
    thing TEXT NOT NULL CHECK (thing IN ('activity', 'deal', 'quote')),
    thing_id INTEGER NOT NULL,
    born_at INTEGER NOT NULL,
    month TEXT NOT NULL,
    login TEXT NOT NULL,
    type TEXT NOT NULL,
    points INTEGER NOT NULL,
    at INTEGER NOT NULL,
    customer_id INTEGER,
    PRIMARY KEY (thing, thing_id, born_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX closed_score_of ON closed_score (login, month);
