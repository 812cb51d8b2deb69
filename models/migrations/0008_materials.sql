-- Documents and data sheets with what was sent of them, and follow-up of online purchases.

-- What is in the files, each content once and for good: an addition that was undone can be done again.
CREATE TABLE material_content (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    content BLOB NOT NULL CHECK (length(content) BETWEEN 1 AND 10485760)
) STRICT;

CREATE TABLE material (
    -- Numbers that people have seen are never given twice.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL COLLATE NOCASE CHECK (name <> ''),
    file_name TEXT NOT NULL CHECK (file_name <> '' AND file_name NOT LIKE '%/%' AND file_name NOT LIKE '%\%'),
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL REFERENCES material_content (sha256),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX material_name ON material (name) WHERE active = 1;
CREATE INDEX material_sha256 ON material (sha256);

-- A material of no product goes with all of them.
CREATE TABLE material_product (
    id INTEGER PRIMARY KEY,
    material_id INTEGER NOT NULL REFERENCES material (id),
    product_id INTEGER NOT NULL REFERENCES product (id),
    UNIQUE (material_id, product_id)
) STRICT;
CREATE INDEX material_product_product ON material_product (product_id);

-- What left with which email.
CREATE TABLE sent_material (
    id INTEGER PRIMARY KEY,
    email_id INTEGER NOT NULL REFERENCES sent_email (id),
    material_id INTEGER NOT NULL REFERENCES material (id),
    UNIQUE (email_id, material_id)
) STRICT;
CREATE INDEX sent_material_material ON sent_material (material_id);

-- A day on which a customer bought online, with the task that follows it up. Without a task it waits for an owner.
-- `bought` and `others` are JSON arrays of products' names; `others` are what buyers of the same also bought, the most
-- frequent first.
CREATE TABLE follow_up (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    purchased_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    bought TEXT NOT NULL,
    others TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    activity_id INTEGER REFERENCES activity (id) ON DELETE SET NULL
) STRICT;
-- Not unique: two customers who bought on one day may turn out to be one.
CREATE INDEX follow_up_day ON follow_up (customer_id, purchased_on);
CREATE INDEX follow_up_activity ON follow_up (activity_id) WHERE activity_id IS NOT NULL;
CREATE INDEX follow_up_waiting ON follow_up (customer_id) WHERE activity_id IS NULL;
CREATE INDEX follow_up_run ON follow_up (run_id);
