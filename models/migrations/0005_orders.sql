-- Quotes' approvals and extensions, exchange rates, orders, contracts, invoices and payments.

-- What was sent says its own date; this one is promised afterwards.
ALTER TABLE quote ADD COLUMN extended_until TEXT;

CREATE TABLE quote_approval_request (
    id INTEGER PRIMARY KEY,
    quote_id INTEGER NOT NULL REFERENCES quote (id),
    asked_of_id INTEGER NOT NULL REFERENCES app_user (id),
    asked_by TEXT NOT NULL,
    discount_bp INTEGER NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    asked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX quote_approval_request_quote ON quote_approval_request (quote_id);
CREATE INDEX quote_approval_request_of ON quote_approval_request (asked_of_id, id);

-- Holds for discounts up to `discount_bp` on any line of this revision.
CREATE TABLE quote_approval (
    id INTEGER PRIMARY KEY,
    quote_id INTEGER NOT NULL REFERENCES quote (id),
    discount_bp INTEGER NOT NULL CHECK (discount_bp BETWEEN 0 AND 10000),
    approved_by_id INTEGER NOT NULL REFERENCES app_user (id),
    note TEXT NOT NULL DEFAULT '',
    approved_at INTEGER NOT NULL
) STRICT;
CREATE INDEX quote_approval_quote ON quote_approval (quote_id);

-- Written by a trigger whenever discounts bring a deal under the tech-check limit.
CREATE TABLE discount_note (
    id INTEGER PRIMARY KEY,
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    list_usd_cents INTEGER NOT NULL,
    net_usd_cents INTEGER NOT NULL,
    limit_usd_cents INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    path TEXT NOT NULL
) STRICT;
CREATE INDEX discount_note_deal ON discount_note (deal_id);

-- `rate` is US dollars for one unit, as it was entered; `usd_rate_micros` millionths of a cent for one smallest unit.
CREATE TABLE exchange_rate (
    id INTEGER PRIMARY KEY,
    currency TEXT NOT NULL CHECK (length(currency) = 3 AND currency <> 'USD'),
    on_date TEXT NOT NULL,
    rate TEXT NOT NULL,
    usd_rate_micros INTEGER NOT NULL CHECK (usd_rate_micros > 0),
    entered_by TEXT NOT NULL,
    entered_at INTEGER NOT NULL
) STRICT;
CREATE INDEX exchange_rate_day ON exchange_rate (currency, on_date, id);

CREATE TABLE sales_contract (
    -- Numbers that people have seen are never given twice.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    quote_id INTEGER NOT NULL REFERENCES quote (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    currency TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    call_offs INTEGER NOT NULL DEFAULT 1 CHECK (call_offs BETWEEN 1 AND 1000),
    state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'cancelled')),
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    CHECK (ends_on >= starts_on)
) STRICT;
CREATE INDEX sales_contract_deal ON sales_contract (deal_id);
CREATE INDEX sales_contract_customer ON sales_contract (customer_id);
CREATE INDEX sales_contract_quote ON sales_contract (quote_id);

CREATE TABLE contract_line (
    id INTEGER PRIMARY KEY,
    contract_id INTEGER NOT NULL REFERENCES sales_contract (id),
    position INTEGER NOT NULL,
    product_id INTEGER NOT NULL REFERENCES product (id),
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    is_monthly INTEGER NOT NULL DEFAULT 0 CHECK (is_monthly IN (0, 1)),
    months INTEGER CHECK (months > 0),
    price_minor INTEGER NOT NULL,
    discount_bp INTEGER NOT NULL,
    gross_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL
) STRICT;
CREATE INDEX contract_line_contract ON contract_line (contract_id, position);

CREATE TABLE sales_order (
    -- Numbers that people have seen are never given twice.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    quote_id INTEGER NOT NULL REFERENCES quote (id),
    contract_id INTEGER REFERENCES sales_contract (id),
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    currency TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'booked' CHECK (state IN ('booked', 'shipped', 'cancelled')),
    -- kept by triggers, never written by the program:
    settled TEXT NOT NULL DEFAULT '' CHECK (settled IN ('', 'invoiced', 'paid')),
    booked_on TEXT NOT NULL,
    deliver_on TEXT,
    shipped_on TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;
CREATE INDEX sales_order_deal ON sales_order (deal_id);
CREATE INDEX sales_order_customer ON sales_order (customer_id);
CREATE INDEX sales_order_contract ON sales_order (contract_id) WHERE contract_id IS NOT NULL;
CREATE UNIQUE INDEX sales_order_of_quote ON sales_order (quote_id) WHERE contract_id IS NULL;

-- Amounts stand here as they were agreed: parts of a contract's line are rounded so that they add up to it.
CREATE TABLE order_line (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES sales_order (id),
    contract_line_id INTEGER REFERENCES contract_line (id),
    position INTEGER NOT NULL,
    product_id INTEGER NOT NULL REFERENCES product (id),
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    is_monthly INTEGER NOT NULL DEFAULT 0 CHECK (is_monthly IN (0, 1)),
    months INTEGER CHECK (months > 0),
    price_minor INTEGER NOT NULL,
    discount_bp INTEGER NOT NULL,
    gross_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL
) STRICT;
CREATE INDEX order_line_order ON order_line (order_id, position);
CREATE INDEX order_line_contract ON order_line (contract_line_id) WHERE contract_line_id IS NOT NULL;

CREATE TABLE invoice (
    -- Numbers that people have seen are never given twice.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id INTEGER NOT NULL REFERENCES sales_order (id),
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    currency TEXT NOT NULL,
    usd_rate_micros INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
    issued_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    -- kept by triggers, never written by the program:
    paid_minor INTEGER NOT NULL DEFAULT 0,
    paid_on TEXT,
    CHECK (due_on >= issued_on)
) STRICT;
CREATE INDEX invoice_order ON invoice (order_id);
CREATE INDEX invoice_customer ON invoice (customer_id, due_on);
CREATE INDEX invoice_open ON invoice (due_on, customer_id) WHERE paid_minor < amount_minor;

CREATE TABLE payment (
    id INTEGER PRIMARY KEY,
    invoice_id INTEGER NOT NULL REFERENCES invoice (id),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    paid_on TEXT NOT NULL,
    -- What the bank or accounting calls it; the same reference is counted once.
    reference TEXT,
    entered_at INTEGER NOT NULL,
    entered_by TEXT NOT NULL
) STRICT;
CREATE INDEX payment_invoice ON payment (invoice_id);
CREATE UNIQUE INDEX payment_reference ON payment (reference) WHERE reference IS NOT NULL;

-- The first of each, so that ids look alike from the start.
INSERT INTO sqlite_sequence (name, seq) VALUES ('sales_order', 229), ('sales_contract', 30), ('invoice', 5389);
