-- A pin has an id of its own, so that the journal can name it: undo takes a pin back, also one that changed no value.

CREATE TABLE pin_with_id (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    record_id INTEGER REFERENCES source_record (id),
    pinned_by TEXT NOT NULL,
    pinned_at INTEGER NOT NULL,
    UNIQUE (customer_id, field)
) STRICT;
INSERT INTO pin_with_id (customer_id, field, value, record_id, pinned_by, pinned_at)
    SELECT customer_id, field, value, record_id, pinned_by, pinned_at FROM customer_pin ORDER BY customer_id, field;
DROP TABLE customer_pin;
ALTER TABLE pin_with_id RENAME TO customer_pin;
CREATE INDEX customer_pin_record ON customer_pin (record_id) WHERE record_id IS NOT NULL;
