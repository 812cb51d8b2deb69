-- Closed months, documents by product, and follow-up tasks.

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

-- Documents and data sheets; `product_id` is empty for those about everything.
CREATE TABLE material (
    -- Numbers that people have seen are never given twice.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    product_id INTEGER REFERENCES product (id),
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    content BLOB NOT NULL,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL
) STRICT;
CREATE INDEX material_product ON material (product_id);

CREATE TABLE material_sent (
    id INTEGER PRIMARY KEY,
    email_id INTEGER NOT NULL REFERENCES sent_email (id),
    material_id INTEGER NOT NULL REFERENCES material (id)
) STRICT;
CREATE INDEX material_sent_email ON material_sent (email_id);
CREATE INDEX material_sent_material ON material_sent (material_id);

-- The task that follows the online purchases of a customer's day, once for each.
CREATE TABLE purchase_follow_up (
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    purchased_on TEXT NOT NULL,
    activity_id INTEGER NOT NULL REFERENCES activity (id),
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    PRIMARY KEY (customer_id, purchased_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX purchase_follow_up_activity ON purchase_follow_up (activity_id);
CREATE INDEX purchase_follow_up_run ON purchase_follow_up (run_id);
