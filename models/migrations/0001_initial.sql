-- Schema version 1. Money: integer minor units. Dates: ISO text. Times: UTC integer microseconds.

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- People of Contoso -----------------------------------------------------------------------------

CREATE TABLE team (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    manager_id INTEGER REFERENCES app_user (id)
) STRICT;

CREATE TABLE app_user (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    team_id INTEGER REFERENCES team (id),
    territory TEXT NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE user_role (
    user_id INTEGER NOT NULL REFERENCES app_user (id),
    role TEXT NOT NULL CHECK (role IN ('representative', 'executive', 'consultant', 'manager', 'service', 'operations')),
    PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_leave (
    user_id INTEGER NOT NULL REFERENCES app_user (id),
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    PRIMARY KEY (user_id, from_on)
) STRICT, WITHOUT ROWID;

CREATE TABLE holiday (
    on_date TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The process in force --------------------------------------------------------------------------

-- `text` is the file as it was put in force; `parsed` the same as JSON, which a start reads in a tenth of the time.
CREATE TABLE process_version (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    parsed TEXT NOT NULL,
    loaded_at INTEGER NOT NULL,
    loaded_by TEXT NOT NULL
) STRICT;

CREATE TABLE rule (
    key TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE stage (
    pipeline TEXT NOT NULL,
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    probability_percent INTEGER NOT NULL CHECK (probability_percent BETWEEN 0 AND 100),
    age_limit_days INTEGER,
    required TEXT NOT NULL DEFAULT '[]',
    is_first INTEGER NOT NULL DEFAULT 0,
    is_last INTEGER NOT NULL DEFAULT 0,
    is_tech_check INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (pipeline, id)
) STRICT, WITHOUT ROWID;

-- Customers -------------------------------------------------------------------------------------

CREATE TABLE customer (
    -- Numbers that people have seen are never given twice.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL DEFAULT 'individual' CHECK (kind IN ('individual', 'corporate')),
    name TEXT NOT NULL,
    given TEXT NOT NULL DEFAULT '',
    surname TEXT NOT NULL DEFAULT '',
    birth_date TEXT,
    gender TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    street TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT '',
    postcode TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT '',
    tier TEXT NOT NULL DEFAULT '',
    satisfaction TEXT NOT NULL DEFAULT '',
    occupation TEXT NOT NULL DEFAULT '',
    income_minor INTEGER,
    email_subscriber INTEGER NOT NULL DEFAULT 0 CHECK (email_subscriber IN (0, 1)),
    do_not_contact INTEGER NOT NULL DEFAULT 0 CHECK (do_not_contact IN (0, 1)),
    lead_source TEXT NOT NULL DEFAULT '',
    owner_id INTEGER REFERENCES app_user (id),
    origin TEXT NOT NULL DEFAULT 'crm' CHECK (origin IN ('import', 'crm')),
    run_id INTEGER REFERENCES import_run (id),
    first_seen_on TEXT,
    unpaid_minor INTEGER NOT NULL DEFAULT 0,
    unpaid_since TEXT,
    open_cases INTEGER NOT NULL DEFAULT 0,
    has_high_case INTEGER NOT NULL DEFAULT 0,
    merged_into_id INTEGER REFERENCES customer (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX customer_name ON customer (name COLLATE NOCASE, id);
CREATE INDEX customer_owner ON customer (owner_id, name COLLATE NOCASE, id);
CREATE INDEX customer_email ON customer (email COLLATE NOCASE) WHERE email <> '';
CREATE INDEX customer_postcode ON customer (postcode) WHERE postcode <> '';
CREATE INDEX customer_corporate ON customer (name COLLATE NOCASE, id) WHERE kind = 'corporate';
CREATE INDEX customer_run ON customer (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX customer_merged ON customer (merged_into_id) WHERE merged_into_id IS NOT NULL;

-- Words of names, for search: whole prefixes only, no ranking.
CREATE VIRTUAL TABLE customer_search USING fts5 (
    name, content = 'customer', content_rowid = 'id', detail = none, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES customer (id),
    name TEXT NOT NULL,
    position TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    email_subscriber INTEGER NOT NULL DEFAULT 0,
    do_not_contact INTEGER NOT NULL DEFAULT 0,
    bounces INTEGER NOT NULL DEFAULT 0,
    is_primary INTEGER NOT NULL DEFAULT 0,
    individual_id INTEGER REFERENCES customer (id),
    record_id INTEGER REFERENCES source_record (id)
) STRICT;
CREATE INDEX person_account ON person (account_id);
CREATE INDEX person_individual ON person (individual_id) WHERE individual_id IS NOT NULL;
CREATE INDEX person_record ON person (record_id) WHERE record_id IS NOT NULL;

CREATE TABLE customer_pin (
    customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    record_id INTEGER REFERENCES source_record (id),
    pinned_by TEXT NOT NULL,
    pinned_at INTEGER NOT NULL,
    PRIMARY KEY (customer_id, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_pin_record ON customer_pin (record_id) WHERE record_id IS NOT NULL;

-- What the sources said -------------------------------------------------------------------------

CREATE TABLE import_run (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed', 'reverted')),
    actor TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    report TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE import_file (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    encoding TEXT NOT NULL,
    delimiter TEXT NOT NULL,
    header TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    rows INTEGER NOT NULL
) STRICT;

-- One row of contacts or loyalty: `cells` as they came (JSON array), `fields` as read (JSON object).
CREATE TABLE source_record (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    declared_key TEXT NOT NULL DEFAULT '',
    file_id INTEGER REFERENCES import_file (id),
    line INTEGER NOT NULL,
    cells TEXT NOT NULL,
    fields TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    changed_run_id INTEGER REFERENCES import_run (id),
    absent_run_id INTEGER REFERENCES import_run (id),
    customer_id INTEGER REFERENCES customer (id),
    link_rule TEXT NOT NULL DEFAULT '',
    link_evidence TEXT NOT NULL DEFAULT '',
    link_score REAL,
    link_run_id INTEGER REFERENCES import_run (id),
    link_confirmed_by TEXT NOT NULL DEFAULT '',
    UNIQUE (source, key)
) STRICT;
CREATE INDEX source_record_customer ON source_record (customer_id);
CREATE INDEX source_record_run ON source_record (run_id);

-- Every key that a customer's records carry, foreign ones too: purchases attach by it.
CREATE TABLE customer_key (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_key_customer ON customer_key (customer_id);

CREATE TABLE purchase (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    owner_key TEXT NOT NULL,
    customer_id INTEGER REFERENCES customer (id),
    product_key TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL DEFAULT '',
    purchased_on TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL DEFAULT 'USD',
    points INTEGER,
    store TEXT NOT NULL DEFAULT '',
    file_id INTEGER REFERENCES import_file (id),
    line INTEGER NOT NULL,
    cells TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    changed_run_id INTEGER REFERENCES import_run (id),
    absent_run_id INTEGER REFERENCES import_run (id),
    UNIQUE (source, key)
) STRICT;
CREATE INDEX purchase_customer ON purchase (customer_id, purchased_on);
CREATE INDEX purchase_orphan ON purchase (source, owner_key) WHERE customer_id IS NULL;
CREATE INDEX purchase_run ON purchase (run_id);

CREATE TABLE membership (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    points INTEGER,
    has_card INTEGER NOT NULL DEFAULT 0,
    joined_on TEXT,
    record_id INTEGER NOT NULL REFERENCES source_record (id)
) STRICT;
CREATE INDEX membership_customer ON membership (customer_id);
CREATE INDEX membership_record ON membership (record_id);

-- What people decided about pairs of records; the latest wins, and it survives re-import.
CREATE TABLE match_decision (
    left_source TEXT NOT NULL,
    left_key TEXT NOT NULL,
    right_source TEXT NOT NULL,
    right_key TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('always', 'never')),
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (left_source, left_key, right_source, right_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE review_pair (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    left_record_id INTEGER NOT NULL REFERENCES source_record (id),
    right_record_id INTEGER NOT NULL REFERENCES source_record (id),
    score REAL NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'linked', 'never')),
    UNIQUE (left_record_id, right_record_id)
) STRICT;
CREATE INDEX review_pair_right ON review_pair (right_record_id);

-- What an import changed in rows that were there before it, so that it can be reverted whole.
CREATE TABLE import_change (
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    seq INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    before TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_bad_row (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES import_run (id),
    file_id INTEGER NOT NULL REFERENCES import_file (id),
    line INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    row_skipped INTEGER NOT NULL
) STRICT;

-- Catalogue and deals ---------------------------------------------------------------------------

CREATE TABLE product (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    billing TEXT NOT NULL DEFAULT 'one_off' CHECK (billing IN ('one_off', 'monthly')),
    price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
    currency TEXT NOT NULL DEFAULT 'USD',
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE deal (
    -- Numbers that people have seen are never given twice.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    owner_id INTEGER NOT NULL REFERENCES app_user (id),
    pipeline TEXT NOT NULL,
    stage TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT 'open' CHECK (outcome IN ('open', 'won', 'lost', 'disqualified', 'won_imported')),
    type TEXT NOT NULL DEFAULT '',
    lead_source TEXT NOT NULL DEFAULT '',
    need TEXT NOT NULL DEFAULT '',
    budget_minor INTEGER,
    time_frame TEXT NOT NULL DEFAULT '',
    decision_maker TEXT NOT NULL DEFAULT '',
    walkthrough_on TEXT,
    walkthrough_with TEXT NOT NULL DEFAULT '',
    walkthrough_ready INTEGER NOT NULL DEFAULT 0 CHECK (walkthrough_ready IN (0, 1)),
    typed_amount_minor INTEGER CHECK (typed_amount_minor >= 0),
    currency TEXT NOT NULL DEFAULT 'USD',
    usd_rate_micros INTEGER NOT NULL DEFAULT 1000000 CHECK (usd_rate_micros > 0),
    probability_percent INTEGER CHECK (probability_percent BETWEEN 0 AND 100),
    category TEXT NOT NULL DEFAULT 'pipeline' CHECK (category IN ('pipeline', 'best_case', 'commit', 'omitted')),
    close_on TEXT,
    stage_entered_at INTEGER NOT NULL,
    stage_reason TEXT NOT NULL DEFAULT '',
    lost_reason TEXT NOT NULL DEFAULT '',
    lost_by TEXT NOT NULL DEFAULT '',
    lost_on TEXT,
    lost_note TEXT NOT NULL DEFAULT '',
    won_on TEXT,
    closed_at INTEGER,
    created_at INTEGER NOT NULL,
    created_on TEXT NOT NULL,
    created_by TEXT NOT NULL,
    run_id INTEGER REFERENCES import_run (id),
    -- kept by triggers, never written by the program:
    amount_minor INTEGER NOT NULL DEFAULT 0,
    amount_usd_cents INTEGER NOT NULL DEFAULT 0,
    amount_from TEXT NOT NULL DEFAULT 'typed',
    amount_quote_id INTEGER,
    terms_lines TEXT NOT NULL DEFAULT '',
    terms_rev INTEGER NOT NULL DEFAULT 1,
    last_check_id INTEGER,
    next_step_id INTEGER,
    next_step TEXT NOT NULL DEFAULT '',
    next_step_on TEXT,
    next_step_minute INTEGER,
    updated_at INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    FOREIGN KEY (pipeline, stage) REFERENCES stage (pipeline, id)
) STRICT;
-- Hold all that ordering a column by attention asks, so that it never reads the rows: for one owner, and for all.
CREATE INDEX deal_of_owner ON deal (
    owner_id, pipeline, stage, next_step_on, amount_usd_cents DESC, id, stage_entered_at, last_check_id, terms_rev, outcome
) WHERE outcome = 'open';
CREATE INDEX deal_of_all ON deal (
    pipeline, stage, next_step_on, amount_usd_cents DESC, id, stage_entered_at, last_check_id, terms_rev, outcome
) WHERE outcome = 'open';
CREATE INDEX deal_age ON deal (pipeline, stage, stage_entered_at) WHERE outcome = 'open';
CREATE INDEX deal_customer ON deal (customer_id);
CREATE INDEX deal_opened ON deal (created_by, created_at);
CREATE INDEX deal_closed ON deal (outcome, closed_at DESC) WHERE outcome <> 'open';

CREATE TABLE deal_line (
    id INTEGER PRIMARY KEY,
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    position INTEGER NOT NULL,
    product_id INTEGER NOT NULL REFERENCES product (id),
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    is_monthly INTEGER NOT NULL DEFAULT 0 CHECK (is_monthly IN (0, 1)),
    months INTEGER CHECK (months > 0),
    price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
    discount_bp INTEGER NOT NULL DEFAULT 0 CHECK (discount_bp BETWEEN 0 AND 10000),
    gross_minor INTEGER GENERATED ALWAYS AS (quantity * price_minor * CASE WHEN is_monthly THEN coalesce(months, 12) ELSE 1 END) STORED,
    net_minor INTEGER GENERATED ALWAYS AS (
        (quantity * price_minor * CASE WHEN is_monthly THEN coalesce(months, 12) ELSE 1 END * (10000 - discount_bp) + 5000) / 10000
    ) STORED
) STRICT;
CREATE INDEX deal_line_deal ON deal_line (deal_id, position);

CREATE TABLE quote (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL CHECK (revision > 0),
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    state TEXT NOT NULL DEFAULT 'draft'
        CHECK (state IN ('draft', 'sent', 'accepted', 'rejected', 'expired', 'superseded', 'cancelled')),
    currency TEXT NOT NULL DEFAULT 'USD',
    valid_until TEXT NOT NULL,
    addressee TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    sent_at INTEGER,
    answered_on TEXT,
    UNIQUE (number, revision)
) STRICT;
CREATE INDEX quote_deal ON quote (deal_id, id);
CREATE UNIQUE INDEX quote_one_accepted ON quote (deal_id) WHERE state = 'accepted';
CREATE UNIQUE INDEX quote_one_draft ON quote (deal_id) WHERE state = 'draft';

CREATE TABLE quote_line (
    id INTEGER PRIMARY KEY,
    quote_id INTEGER NOT NULL REFERENCES quote (id),
    position INTEGER NOT NULL,
    product_id INTEGER NOT NULL REFERENCES product (id),
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    is_monthly INTEGER NOT NULL DEFAULT 0 CHECK (is_monthly IN (0, 1)),
    months INTEGER CHECK (months > 0),
    price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
    discount_bp INTEGER NOT NULL DEFAULT 0 CHECK (discount_bp BETWEEN 0 AND 10000),
    gross_minor INTEGER GENERATED ALWAYS AS (quantity * price_minor * CASE WHEN is_monthly THEN coalesce(months, 12) ELSE 1 END) STORED,
    net_minor INTEGER GENERATED ALWAYS AS (
        (quantity * price_minor * CASE WHEN is_monthly THEN coalesce(months, 12) ELSE 1 END * (10000 - discount_bp) + 5000) / 10000
    ) STORED
) STRICT;
CREATE INDEX quote_line_quote ON quote_line (quote_id, position);

CREATE TABLE stage_change (
    id INTEGER PRIMARY KEY,
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    from_stage TEXT,
    to_stage TEXT NOT NULL,
    from_outcome TEXT,
    to_outcome TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    amount_usd_cents INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    path TEXT NOT NULL
) STRICT;
CREATE INDEX stage_change_deal ON stage_change (deal_id, id);

-- Who has owned a deal under which terms; written by triggers.
CREATE TABLE deal_ownership (
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    user_id INTEGER NOT NULL REFERENCES app_user (id),
    terms_rev INTEGER NOT NULL,
    terms_lines TEXT NOT NULL,
    PRIMARY KEY (deal_id, user_id, terms_rev, terms_lines)
) STRICT, WITHOUT ROWID;

CREATE TABLE tech_check (
    id INTEGER PRIMARY KEY,
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    terms_rev INTEGER NOT NULL,
    signed_by_id INTEGER NOT NULL REFERENCES app_user (id),
    checked_on TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('passed', 'passed_with_conditions', 'failed')),
    details TEXT NOT NULL DEFAULT '',
    answers TEXT NOT NULL DEFAULT '[]',
    signed_usd_cents INTEGER NOT NULL,
    signed_lines TEXT NOT NULL,
    signed_from TEXT NOT NULL,
    signed_quote_id INTEGER,
    entered_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tech_check_deal ON tech_check (deal_id, id);

CREATE TABLE tech_check_request (
    id INTEGER PRIMARY KEY,
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    asked_of_id INTEGER NOT NULL REFERENCES app_user (id),
    asked_by TEXT NOT NULL,
    needed_by TEXT,
    note TEXT NOT NULL DEFAULT '',
    asked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tech_check_request_deal ON tech_check_request (deal_id, id);

-- An unfinished tech check of one consultant; the card shows T*.
CREATE TABLE tech_check_draft (
    id INTEGER PRIMARY KEY,
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    user_id INTEGER NOT NULL REFERENCES app_user (id),
    payload TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    UNIQUE (deal_id, user_id)
) STRICT;

-- Heads of the board's columns; kept by triggers. `entered_seconds` is the sum of the stage entries.
CREATE TABLE stage_total (
    pipeline TEXT NOT NULL,
    stage TEXT NOT NULL,
    owner_id INTEGER NOT NULL,
    deals INTEGER NOT NULL,
    amount_usd_cents INTEGER NOT NULL,
    weighted_usd_cents_percent INTEGER NOT NULL,
    entered_seconds INTEGER NOT NULL,
    PRIMARY KEY (pipeline, stage, owner_id)
) STRICT, WITHOUT ROWID;

-- Activities and nurture ------------------------------------------------------------------------

CREATE TABLE activity (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    deal_id INTEGER REFERENCES deal (id),
    enrolment_step_id INTEGER REFERENCES enrolment_step (id),
    owner_id INTEGER NOT NULL REFERENCES app_user (id),
    channel TEXT NOT NULL CHECK (channel IN ('call', 'email', 'letter', 'visit', 'meeting', 'note')),
    type TEXT NOT NULL DEFAULT '',
    who TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'cancelled')),
    is_next_step INTEGER NOT NULL DEFAULT 0 CHECK (is_next_step IN (0, 1)),
    due_on TEXT,
    due_minute INTEGER CHECK (due_minute BETWEEN 0 AND 1439),
    duration_minutes INTEGER,
    done_at INTEGER,
    done_by TEXT NOT NULL DEFAULT '',
    points INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX activity_next_step ON activity (deal_id) WHERE state = 'planned' AND is_next_step = 1;
CREATE INDEX activity_customer ON activity (customer_id, id);
CREATE INDEX activity_deal ON activity (deal_id, id) WHERE deal_id IS NOT NULL;
CREATE INDEX activity_agenda ON activity (owner_id, due_on) WHERE state = 'planned' AND is_next_step = 0;
CREATE INDEX activity_points ON activity (done_by, done_at) WHERE state = 'done';

CREATE TABLE programme (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    UNIQUE (code, version)
) STRICT;

CREATE TABLE programme_step (
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    position INTEGER NOT NULL,
    channel TEXT NOT NULL,
    name TEXT NOT NULL,
    days_after INTEGER NOT NULL,
    activity_type TEXT NOT NULL DEFAULT '',
    email_subject TEXT NOT NULL DEFAULT '',
    email_body TEXT NOT NULL DEFAULT '',
    guide TEXT NOT NULL DEFAULT '',
    is_final INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (programme_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment (
    -- Numbers that people have seen are never given twice.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    programme_id INTEGER NOT NULL REFERENCES programme (id),
    programme_code TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'completed', 'exited')),
    pause_reason TEXT NOT NULL DEFAULT '',
    exit_reason TEXT NOT NULL DEFAULT '',
    exit_note TEXT NOT NULL DEFAULT '',
    started_at INTEGER NOT NULL,
    started_on TEXT NOT NULL,
    started_by TEXT NOT NULL,
    ended_at INTEGER,
    ended_by TEXT NOT NULL DEFAULT '',
    deal_id INTEGER REFERENCES deal (id)
) STRICT;
CREATE UNIQUE INDEX enrolment_one_active ON enrolment (customer_id, programme_code) WHERE state IN ('active', 'paused');
CREATE INDEX enrolment_customer ON enrolment (customer_id, id);

CREATE TABLE enrolment_step (
    id INTEGER PRIMARY KEY,
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id),
    position INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'due', 'snoozed', 'done', 'skipped', 'cancelled')),
    counted_on TEXT,
    due_on TEXT,
    due_minute INTEGER,
    result TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    finished_at INTEGER,
    finished_by TEXT NOT NULL DEFAULT '',
    UNIQUE (enrolment_id, position)
) STRICT;
CREATE INDEX enrolment_step_open ON enrolment_step (due_on) WHERE state IN ('due', 'snoozed');

-- Every email that left, as it left.
CREATE TABLE sent_email (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    deal_id INTEGER REFERENCES deal (id),
    enrolment_step_id INTEGER REFERENCES enrolment_step (id),
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    handed_to TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    sent_by TEXT NOT NULL
) STRICT;
CREATE INDEX sent_email_customer ON sent_email (customer_id, id);

-- What was done, by whom ------------------------------------------------------------------------

CREATE TABLE action (
    -- Numbers that people have seen are never given twice.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    summary TEXT NOT NULL,
    can_undo INTEGER NOT NULL,
    undoes_id INTEGER REFERENCES action (id),
    undone_by_id INTEGER REFERENCES action (id)
) STRICT;
CREATE INDEX action_actor ON action (actor, id);

-- op: i(nsert), u(pdate of one column), d(elete). Inserts and deletes hold the row as JSON.
CREATE TABLE journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    action_id INTEGER,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    path TEXT NOT NULL,
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    op TEXT NOT NULL CHECK (op IN ('i', 'u', 'd')),
    column_name TEXT,
    before ANY,
    after ANY
) STRICT;
CREATE INDEX journal_action ON journal (action_id);
CREATE INDEX journal_row ON journal (table_name, row_id);

CREATE TABLE presence (
    user_id INTEGER NOT NULL REFERENCES app_user (id),
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (user_id, subject)
) STRICT, WITHOUT ROWID;

-- The terms of a deal: accepted quote, else latest sent one, else its own lines, else the typed amount.
CREATE VIEW deal_terms AS
WITH chosen AS (
    SELECT d.id AS deal_id, d.typed_amount_minor, d.usd_rate_micros,
        coalesce(
            (SELECT q.id FROM quote q WHERE q.deal_id = d.id AND q.state = 'accepted'),
            (SELECT q.id FROM quote q WHERE q.deal_id = d.id AND q.state IN ('sent', 'expired')
             ORDER BY q.sent_at DESC, q.id DESC LIMIT 1)
        ) AS quote_id,
        EXISTS (SELECT 1 FROM deal_line l WHERE l.deal_id = d.id) AS has_lines
    FROM deal d
),
summed AS (
    SELECT c.deal_id, c.quote_id, c.usd_rate_micros,
        CASE WHEN c.quote_id IS NOT NULL
             THEN (SELECT CASE q.state WHEN 'accepted' THEN 'quote_accepted' ELSE 'quote_sent' END
                   FROM quote q WHERE q.id = c.quote_id)
             WHEN c.has_lines THEN 'lines' ELSE 'typed' END AS origin,
        CASE WHEN c.quote_id IS NOT NULL
             THEN (SELECT coalesce(sum(net_minor), 0) FROM quote_line WHERE quote_id = c.quote_id)
             WHEN c.has_lines THEN (SELECT sum(net_minor) FROM deal_line WHERE deal_id = c.deal_id)
             ELSE coalesce(c.typed_amount_minor, 0) END AS amount_minor,
        CASE WHEN c.quote_id IS NOT NULL
             THEN (SELECT coalesce(group_concat(part, ';'), '') FROM (
                    SELECT product_id || 'x' || sum(quantity) || CASE WHEN is_monthly THEN 'm' || coalesce(months, 12) ELSE '' END AS part
                    FROM quote_line WHERE quote_id = c.quote_id
                    GROUP BY product_id, is_monthly, coalesce(months, 12) ORDER BY product_id, is_monthly, coalesce(months, 12)))
             WHEN c.has_lines
             THEN (SELECT coalesce(group_concat(part, ';'), '') FROM (
                    SELECT product_id || 'x' || sum(quantity) || CASE WHEN is_monthly THEN 'm' || coalesce(months, 12) ELSE '' END AS part
                    FROM deal_line WHERE deal_id = c.deal_id
                    GROUP BY product_id, is_monthly, coalesce(months, 12) ORDER BY product_id, is_monthly, coalesce(months, 12)))
             ELSE '' END AS lines
    FROM chosen c
)
-- Millions apart from the rest: the product of a large amount and a rate would not fit an integer.
SELECT deal_id, quote_id, origin, amount_minor,
    amount_minor / 1000000 * usd_rate_micros + (amount_minor % 1000000 * usd_rate_micros + 500000) / 1000000
        AS amount_usd_cents,
    lines
FROM summed;

-- The distinct words of customers' names, for correcting misspelt ones.
CREATE VIRTUAL TABLE customer_word USING fts5vocab ('customer_search', 'row');

-- The first deal is D-1001, the first enrolment L-0201, so that ids look alike from the start.
INSERT INTO sqlite_sequence (name, seq) VALUES ('deal', 1000), ('enrolment', 200);
