-- The sources as they declare themselves, and what their rows tell of customers that is no purchase.

-- `kind` is how its rows are kept: people in source_record, purchases in purchase, events in source_event. `word` is
-- one of its rows in a timeline, `plural` what several are in sums. Its rows name keys of `owner_source`.
CREATE TABLE import_source (
    code TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('people', 'purchases', 'events')),
    word TEXT NOT NULL,
    plural TEXT NOT NULL,
    owner_source TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO import_source (code, title, kind, word, plural, owner_source) VALUES
    ('con', 'Contacts', 'people', 'contact', 'contacts', ''),
    ('loy', 'Loyalty scheme', 'people', 'loyalty', 'cards', 'con'),
    ('onl', 'Online purchases', 'purchases', 'online', 'online', 'con'),
    ('pos', 'POS purchases', 'purchases', 'store', 'stores', 'loy');

-- A rating of 4.5 is 450.
CREATE TABLE source_event (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    customer_id INTEGER REFERENCES customer (id),
    happened_on TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    rating_hundredths INTEGER,
    file_id INTEGER REFERENCES import_file (id),
    line INTEGER NOT NULL,
    cells TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    changed_run_id INTEGER REFERENCES import_run (id),
    absent_run_id INTEGER REFERENCES import_run (id),
    UNIQUE (source, key)
) STRICT;
CREATE INDEX source_event_customer ON source_event (customer_id, happened_on);
CREATE INDEX source_event_orphan ON source_event (source, owner_key) WHERE customer_id IS NULL;
CREATE INDEX source_event_run ON source_event (run_id);

-- Reports of imports tell the rows of each source alike.
UPDATE import_run SET report = json_set(report, '$.standing', json_array(
    json_array('online', 'purchases', report ->> '$.online', 0),
    json_array('pos', 'purchases', report ->> '$.pos', report ->> '$.orphans')
)) WHERE report ->> '$.online' IS NOT NULL;
