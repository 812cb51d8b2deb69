-- A pair to decide may be of a record and a customer that was entered by hand, who has no record: `typed_id` then takes
-- the place of the left one. Of two records the newer one, which came to be compared, is the right.

CREATE TABLE pair_with_typed (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    left_record_id INTEGER REFERENCES source_record (id),
    typed_id INTEGER REFERENCES customer (id) ON DELETE CASCADE,
    right_record_id INTEGER NOT NULL REFERENCES source_record (id),
    score REAL NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'linked', 'never')),
    evidence TEXT NOT NULL DEFAULT '[]',
    later_at INTEGER,
    UNIQUE (left_record_id, right_record_id),
    UNIQUE (typed_id, right_record_id),
    CHECK ((left_record_id IS NULL) <> (typed_id IS NULL)),
    CHECK (left_record_id < right_record_id)
) STRICT;
INSERT OR IGNORE INTO pair_with_typed
    (id, run_id, left_record_id, right_record_id, score, reason, state, evidence, later_at)
    SELECT id, run_id, min(left_record_id, right_record_id), max(left_record_id, right_record_id), score, reason, state,
        evidence, later_at FROM review_pair ORDER BY id;

-- Pairs with customers entered by hand stood in the reports of imports alone.
INSERT OR IGNORE INTO pair_with_typed (id, run_id, typed_id, right_record_id, score, reason)
    SELECT (SELECT max(coalesce((SELECT max(id) FROM review_pair), 0),
            coalesce((SELECT max(row_id) FROM journal WHERE table_name = 'review_pair'), 0)))
        + row_number() OVER (ORDER BY told.run_id, told.place), told.run_id, c.id, r.id, told.score, told.reason
    FROM (
        SELECT i.id AS run_id, p.key AS place, p.value ->> '$[2]' AS score, p.value ->> '$[3]' AS reason,
            iif(p.value ->> '$[0]' LIKE 'crm:C-%', p.value ->> '$[0]', p.value ->> '$[1]') AS typed,
            iif(p.value ->> '$[0]' LIKE 'crm:C-%', p.value ->> '$[1]', p.value ->> '$[0]') AS other
        FROM import_run i, json_each(i.report, '$.typed') p WHERE i.state <> 'reverted'
    ) told
    JOIN customer c ON c.id = CAST(substr(told.typed, 7) AS INTEGER)
    JOIN source_record r ON r.source = substr(told.other, 1, instr(told.other, ':') - 1)
        AND r.key = substr(told.other, instr(told.other, ':') + 1);
DROP TABLE review_pair;
ALTER TABLE pair_with_typed RENAME TO review_pair;
CREATE INDEX review_pair_right ON review_pair (right_record_id);
UPDATE import_run SET report = json_remove(report, '$.typed') WHERE report ->> '$.typed' IS NOT NULL;

-- Whether a customer was decided about is asked whenever one is merged or goes.
CREATE INDEX match_decision_right ON match_decision (right_source, right_key);
