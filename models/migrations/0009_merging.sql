-- Customers that people merged and parted, and a decision about two records with an id that the journal can name.

CREATE TABLE decision_with_id (
    id INTEGER PRIMARY KEY,
    left_source TEXT NOT NULL,
    left_key TEXT NOT NULL,
    right_source TEXT NOT NULL,
    right_key TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('always', 'never')),
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    UNIQUE (left_source, left_key, right_source, right_key)
) STRICT;
INSERT INTO decision_with_id (left_source, left_key, right_source, right_key, verdict, decided_by, decided_at)
    SELECT left_source, left_key, right_source, right_key, verdict, decided_by, decided_at FROM match_decision
    ORDER BY left_source, left_key, right_source, right_key;
DROP TABLE match_decision;
ALTER TABLE decision_with_id RENAME TO match_decision;

-- What a merge changed stands in the journal after `journal_from`, up to and with `journal_to`.
CREATE TABLE customer_merge (
    id INTEGER PRIMARY KEY,
    gone_id INTEGER NOT NULL REFERENCES customer (id),
    kept_id INTEGER NOT NULL REFERENCES customer (id),
    journal_from INTEGER NOT NULL,
    journal_to INTEGER NOT NULL,
    merged_at INTEGER NOT NULL,
    merged_by TEXT NOT NULL
) STRICT;
CREATE INDEX customer_merge_kept ON customer_merge (kept_id);
CREATE UNIQUE INDEX customer_merge_gone ON customer_merge (gone_id);
