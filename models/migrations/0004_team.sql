-- The deal's team: colleagues who work on it beside its owner (rules 5.5), see it in their agenda, and may all but win it.
CREATE TABLE deal_member (
    id INTEGER PRIMARY KEY,
    deal_id INTEGER NOT NULL REFERENCES deal (id),
    user_id INTEGER NOT NULL REFERENCES app_user (id),
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    UNIQUE (deal_id, user_id)
) STRICT;
CREATE INDEX deal_member_user ON deal_member (user_id, deal_id);
