"""Rules and records that the database keeps by itself, whoever writes; made anew after every migration.

Each trigger raises a code that `models.errors` turns into a sentence. `crm_actor()`, `crm_path()`, `crm_now()`,
`crm_today()` and `crm_action()` are functions that `models.database` registers: a connection without them can't write.
"""

from __future__ import annotations

_LIMIT = "(SELECT value FROM rule WHERE key = 'tech_check_limit_usd_cents')"
_TECH_POSITION = "(SELECT position FROM stage s WHERE s.pipeline = {row}.pipeline AND s.is_tech_check = 1)"


def _stage(row: str, flag: str) -> str:
    return f"(SELECT s.{flag} FROM stage s WHERE s.pipeline = {row}.pipeline AND s.id = {row}.stage)"


def _sign_off_holds(row: str) -> str:
    """Whether the newest check of this deal was made under its present terms and passed."""
    return (
        f"EXISTS (SELECT 1 FROM tech_check c WHERE c.deal_id = {row}.id"
        f" AND c.id = (SELECT max(id) FROM tech_check WHERE deal_id = {row}.id)"
        f" AND c.terms_rev = (SELECT terms_rev FROM deal WHERE id = {row}.id)"
        " AND c.outcome <> 'failed'"
        " AND c.signed_lines = (SELECT lines FROM deal_terms WHERE deal_id = c.deal_id)"
        " AND c.signed_usd_cents >= (SELECT amount_usd_cents FROM deal_terms WHERE deal_id = c.deal_id))"
    )


_ENTERS_GUARDED = f"""(
    (NEW.outcome = 'won' AND ({{was_not_won}}))
    OR (NEW.outcome = 'open' AND {_stage("NEW", "is_last")} = 1
        AND EXISTS (SELECT 1 FROM stage s WHERE s.pipeline = NEW.pipeline AND s.is_tech_check = 1)
        AND ({{was_not_there}}))
)"""
_OVER_WITHOUT_CHECK = (
    f"(SELECT amount_usd_cents FROM deal_terms WHERE deal_id = NEW.id) > {_LIMIT} AND NOT {_sign_off_holds('NEW')}"
)

_RECOMPUTE = """
UPDATE deal SET (amount_minor, amount_usd_cents, amount_from, amount_quote_id, terms_lines) =
    (SELECT t.amount_minor, t.amount_usd_cents, t.origin, t.quote_id, t.lines FROM deal_terms t WHERE t.deal_id = deal.id)
WHERE id = {deal} AND (amount_minor, amount_usd_cents, amount_from, amount_quote_id, terms_lines) IS NOT
    (SELECT t.amount_minor, t.amount_usd_cents, t.origin, t.quote_id, t.lines FROM deal_terms t WHERE t.deal_id = deal.id);
"""


def _refuse(name: str, event: str, when: str, code: str) -> str:
    return f"CREATE TRIGGER {name} {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{code}'); END;"


def _tech_check_rules() -> list[str]:
    deal = "(SELECT {column} FROM deal WHERE id = NEW.deal_id)"

    def of_deal(column: str) -> str:
        return deal.format(column=column)

    position = "(SELECT s.position FROM stage s, deal d WHERE d.id = NEW.deal_id AND s.pipeline = d.pipeline AND s.id = d.stage)"
    second = (
        "(SELECT s.position FROM stage s, deal d WHERE d.id = NEW.deal_id AND s.pipeline = d.pipeline"
        " ORDER BY s.position LIMIT 1 OFFSET 1)"
    )
    rules = [
        ("replaced", "EXISTS (SELECT 1 FROM tech_check WHERE id = NEW.id)", "CRM102"),
        (
            "role",
            "NOT EXISTS (SELECT 1 FROM user_role r JOIN app_user u ON u.id = r.user_id"
            " WHERE r.user_id = NEW.signed_by_id AND r.role = 'consultant' AND u.active = 1)",
            "CRM103",
        ),
        (
            "signer",
            "(SELECT login FROM app_user WHERE id = NEW.signed_by_id) IS NOT crm_actor()"
            " OR NEW.entered_at <> crm_now()",
            "CRM104",
        ),
        (
            "owner",
            f"{of_deal('owner_id')} = NEW.signed_by_id OR EXISTS (SELECT 1 FROM deal_ownership o"
            " WHERE o.deal_id = NEW.deal_id AND o.user_id = NEW.signed_by_id"
            f" AND o.terms_rev = {of_deal('terms_rev')} AND o.terms_lines = {of_deal('terms_lines')})",
            "CRM105",
        ),
        (
            "date",
            f"date(NEW.checked_on) IS NOT NEW.checked_on OR NEW.checked_on > crm_today()"
            f" OR NEW.checked_on < {of_deal('created_on')}",
            "CRM106",
        ),
        (
            "terms",
            f"NEW.terms_rev IS NOT {of_deal('terms_rev')} OR NEW.signed_usd_cents IS NOT {of_deal('amount_usd_cents')}"
            f" OR NEW.signed_lines IS NOT {of_deal('terms_lines')}",
            "CRM107",
        ),
        ("details", "NEW.outcome <> 'passed' AND trim(NEW.details) = ''", "CRM108"),
        ("open", f"{of_deal('outcome')} <> 'open' OR {position} < {second}", "CRM109"),
        ("needed", f"{of_deal('amount_usd_cents')} <= {_LIMIT}", "CRM117"),
    ]
    made = [_refuse(f"tech_check_{name}", "BEFORE INSERT ON tech_check", when, code) for name, when, code in rules]
    made.append(_refuse("tech_check_fixed", "BEFORE UPDATE ON tech_check", "1", "CRM102"))
    made.append(_refuse("tech_check_kept", "BEFORE DELETE ON tech_check", "1", "CRM102"))
    made.append(
        "CREATE TRIGGER tech_check_counts AFTER INSERT ON tech_check BEGIN"
        " UPDATE deal SET last_check_id = NEW.id WHERE id = NEW.deal_id;"
        " DELETE FROM tech_check_draft WHERE deal_id = NEW.deal_id AND user_id = NEW.signed_by_id; END;"
    )
    return made


def _deal_rules() -> list[str]:
    loses = f"""EXISTS (SELECT 1 FROM tech_check c WHERE c.deal_id = NEW.id AND c.terms_rev = OLD.terms_rev
        AND (NEW.terms_lines IS NOT c.signed_lines OR NEW.amount_usd_cents > c.signed_usd_cents
             OR NEW.amount_usd_cents <= {_LIMIT}
             OR (NEW.stage IS NOT OLD.stage AND {_stage("NEW", "position")} <
                 coalesce({_TECH_POSITION.format(row="NEW")}, {_stage("OLD", "position")}))))
        AND NEW.terms_rev = OLD.terms_rev"""
    frozen = "(SELECT outcome FROM deal WHERE id = {row}.deal_id) IN ('won', 'won_imported')"
    made = [
        _refuse(
            "deal_replaced",
            "BEFORE INSERT ON deal",
            "EXISTS (SELECT 1 FROM deal WHERE id = NEW.id)",
            "CRM112",
        ),
        _refuse(
            "deal_terms_start",
            "BEFORE INSERT ON deal",
            "NEW.terms_rev <> 1 OR NEW.last_check_id IS NOT NULL",
            "CRM111",
        ),
        _refuse(
            "deal_won_imported",
            "BEFORE INSERT ON deal",
            "NEW.outcome = 'won_imported' AND crm_path() <> 'import'",
            "CRM113",
        ),
        _refuse(
            "deal_won_imported_never",
            "BEFORE UPDATE OF outcome ON deal",
            "NEW.outcome = 'won_imported' AND OLD.outcome <> 'won_imported'",
            "CRM113",
        ),
        _refuse(
            "deal_won_imported_back",
            "BEFORE UPDATE OF outcome, stage ON deal",
            "OLD.outcome = 'won_imported' AND NOT (NEW.outcome = 'won_imported' AND NEW.stage = OLD.stage)"
            f" AND NOT (NEW.outcome = 'open' AND {_stage('NEW', 'is_first')} = 1)",
            "CRM114",
        ),
        _refuse(
            "deal_enters_by_insert",
            "AFTER INSERT ON deal",
            _ENTERS_GUARDED.format(was_not_won="1", was_not_there="1")
            + " AND (NEW.typed_amount_minor * NEW.usd_rate_micros + 500000) / 1000000 > "
            + _LIMIT,
            "CRM101",
        ),
        _refuse(
            "deal_enters",
            "AFTER UPDATE OF stage, outcome, pipeline ON deal",
            _ENTERS_GUARDED.format(
                was_not_won="OLD.outcome <> 'won'",
                was_not_there=f"OLD.outcome <> 'open' OR {_stage('OLD', 'is_last')} = 0 OR OLD.pipeline <> NEW.pipeline",
            )
            + f" AND {_OVER_WITHOUT_CHECK}",
            "CRM101",
        ),
        _refuse(
            "deal_takeover",
            "BEFORE UPDATE OF owner_id ON deal",
            "NEW.owner_id <> OLD.owner_id AND EXISTS (SELECT 1 FROM tech_check c WHERE c.deal_id = OLD.id"
            " AND c.terms_rev = OLD.terms_rev AND c.signed_by_id = NEW.owner_id)",
            "CRM110",
        ),
        _refuse(
            "deal_terms_rise",
            "BEFORE UPDATE OF terms_rev ON deal",
            "NEW.terms_rev < OLD.terms_rev",
            "CRM111",
        ),
        _refuse(
            "deal_last_check",
            "AFTER UPDATE OF last_check_id ON deal",
            "NEW.last_check_id IS NOT (SELECT max(id) FROM tech_check WHERE deal_id = NEW.id)",
            "CRM102",
        ),
        _refuse(
            "deal_amount_true",
            "AFTER UPDATE OF amount_minor, amount_usd_cents, amount_from, amount_quote_id, terms_lines ON deal",
            "(NEW.amount_minor, NEW.amount_usd_cents, NEW.amount_from, NEW.amount_quote_id, NEW.terms_lines) IS NOT"
            " (SELECT t.amount_minor, t.amount_usd_cents, t.origin, t.quote_id, t.lines"
            " FROM deal_terms t WHERE t.deal_id = NEW.id)",
            "CRM116",
        ),
        _refuse(
            "deal_frozen",
            "BEFORE UPDATE OF typed_amount_minor, currency, usd_rate_micros ON deal",
            "OLD.outcome IN ('won', 'won_imported') AND (NEW.typed_amount_minor, NEW.currency, NEW.usd_rate_micros)"
            " IS NOT (OLD.typed_amount_minor, OLD.currency, OLD.usd_rate_micros)",
            "CRM115",
        ),
        f"CREATE TRIGGER deal_loses_sign_off AFTER UPDATE OF amount_usd_cents, terms_lines, stage, outcome ON deal"
        f" WHEN {loses} BEGIN UPDATE deal SET terms_rev = terms_rev + 1 WHERE id = NEW.id; END;",
        f"CREATE TRIGGER deal_amount_first AFTER INSERT ON deal BEGIN {_RECOMPUTE.format(deal='NEW.id')}"
        " INSERT OR IGNORE INTO deal_ownership (deal_id, user_id, terms_rev, terms_lines)"
        " VALUES (NEW.id, NEW.owner_id, NEW.terms_rev, NEW.terms_lines);"
        " INSERT INTO stage_change (deal_id, to_stage, to_outcome, reason, amount_usd_cents, at, actor, path)"
        " VALUES (NEW.id, NEW.stage, NEW.outcome, NEW.stage_reason,"
        " (SELECT amount_usd_cents FROM deal WHERE id = NEW.id), crm_now(), crm_actor(), crm_path()); END;",
        "CREATE TRIGGER deal_amount_typed AFTER UPDATE OF typed_amount_minor, usd_rate_micros ON deal BEGIN"
        f" {_RECOMPUTE.format(deal='NEW.id')} END;",
        "CREATE TRIGGER deal_owned AFTER UPDATE OF owner_id, terms_rev, terms_lines ON deal BEGIN"
        " INSERT OR IGNORE INTO deal_ownership (deal_id, user_id, terms_rev, terms_lines)"
        " SELECT id, owner_id, terms_rev, terms_lines FROM deal WHERE id = NEW.id; END;",
        "CREATE TRIGGER deal_moved AFTER UPDATE OF stage, outcome ON deal"
        " WHEN NEW.stage <> OLD.stage OR NEW.outcome <> OLD.outcome BEGIN"
        " INSERT INTO stage_change (deal_id, from_stage, to_stage, from_outcome, to_outcome, reason, amount_usd_cents,"
        " at, actor, path) VALUES (NEW.id, OLD.stage, NEW.stage, OLD.outcome, NEW.outcome, NEW.stage_reason,"
        " NEW.amount_usd_cents, crm_now(), crm_actor(), crm_path()); END;",
    ]
    for table, parent in (("deal_line", "{row}.deal_id"), ("quote_line", None)):
        for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            deal = f"(SELECT deal_id FROM quote WHERE id = {row}.quote_id)" if parent is None else f"{row}.deal_id"
            made.append(
                f"CREATE TRIGGER {table}_{event.lower()}_counts AFTER {event} ON {table} BEGIN"
                f" {_RECOMPUTE.format(deal=deal)} END;"
            )
            if parent is None:
                made.append(
                    _refuse(
                        f"quote_line_{event.lower()}_sent",
                        f"BEFORE {event} ON quote_line",
                        f"(SELECT state FROM quote WHERE id = {row}.quote_id) IS NOT 'draft'",
                        "CRM118",
                    )
                )
            else:
                made.append(
                    _refuse(
                        f"deal_line_{event.lower()}_frozen",
                        f"BEFORE {event} ON deal_line",
                        frozen.format(row=row),
                        "CRM115",
                    )
                )
    made += [
        _refuse(
            "quote_replaced",
            "BEFORE INSERT ON quote",
            "EXISTS (SELECT 1 FROM quote WHERE id = NEW.id OR (number = NEW.number AND revision = NEW.revision))",
            "CRM118",
        ),
        _refuse("quote_frozen_new", "BEFORE INSERT ON quote", frozen.format(row="NEW"), "CRM115"),
        _refuse(
            "quote_frozen",
            "BEFORE UPDATE OF state, deal_id ON quote",
            frozen.format(row="OLD") + " AND (NEW.state, NEW.deal_id) IS NOT (OLD.state, OLD.deal_id)",
            "CRM115",
        ),
        _refuse(
            "quote_moved",
            "BEFORE UPDATE OF deal_id, number, revision ON quote",
            "(NEW.deal_id, NEW.number, NEW.revision) IS NOT (OLD.deal_id, OLD.number, OLD.revision)",
            "CRM118",
        ),
        _refuse(
            "quote_back_to_draft",
            "BEFORE UPDATE OF state ON quote",
            "NEW.state = 'draft' AND OLD.state <> 'draft'",
            "CRM118",
        ),
        f"CREATE TRIGGER quote_counts AFTER UPDATE OF state, sent_at ON quote BEGIN {_RECOMPUTE.format(deal='NEW.deal_id')} END;",
        f"CREATE TRIGGER quote_inserted AFTER INSERT ON quote BEGIN {_RECOMPUTE.format(deal='NEW.deal_id')} END;",
        f"CREATE TRIGGER quote_deleted AFTER DELETE ON quote BEGIN {_RECOMPUTE.format(deal='OLD.deal_id')} END;",
        _refuse("quote_kept", "BEFORE DELETE ON quote", "OLD.state <> 'draft'", "CRM118"),
    ]
    return made


def _nurture_rules() -> list[str]:
    kind = "(SELECT kind FROM customer WHERE id = {customer})"
    of_step = "(SELECT c.kind FROM enrolment e JOIN customer c ON c.id = e.customer_id WHERE e.id = NEW.enrolment_id)"
    return [
        _refuse(
            "enrolment_corporate",
            "BEFORE INSERT ON enrolment",
            f"{kind.format(customer='NEW.customer_id')} IS NOT 'corporate'",
            "CRM201",
        ),
        _refuse(
            "enrolment_goes_on",
            "BEFORE UPDATE ON enrolment",
            f"NEW.state IN ('active', 'paused') AND {kind.format(customer='NEW.customer_id')} IS NOT 'corporate'",
            "CRM201",
        ),
        _refuse(
            "enrolment_twice",
            "BEFORE INSERT ON enrolment",
            "EXISTS (SELECT 1 FROM enrolment WHERE customer_id = NEW.customer_id AND programme_code = NEW.programme_code"
            " AND state IN ('active', 'paused'))",
            "CRM202",
        ),
        _refuse(
            "enrolment_step_corporate",
            "BEFORE UPDATE OF state ON enrolment_step",
            f"NEW.state = 'done' AND OLD.state <> 'done' AND {of_step} IS NOT 'corporate'",
            "CRM201",
        ),
        _refuse(
            "customer_in_nurture",
            "BEFORE UPDATE OF kind ON customer",
            "NEW.kind <> 'corporate' AND EXISTS (SELECT 1 FROM enrolment WHERE customer_id = OLD.id"
            " AND state IN ('active', 'paused'))",
            "CRM203",
        ),
        _refuse("journal_fixed", "BEFORE UPDATE ON journal", "1", "CRM301"),
        _refuse("journal_kept", "BEFORE DELETE ON journal", "1", "CRM301"),
    ]


def _kept_columns() -> list[str]:
    """Totals of the board's heads, the next step on the deal, versions, and the search index."""
    add = (
        "INSERT INTO stage_total (pipeline, stage, owner_id, deals, amount_usd_cents, weighted_usd_cents_percent, entered_seconds)"
        " SELECT d.pipeline, d.stage, d.owner_id, 1, d.amount_usd_cents,"
        " d.amount_usd_cents * coalesce(d.probability_percent, s.probability_percent), d.stage_entered_at / 1000000"
        " FROM (SELECT {columns}) d JOIN stage s ON s.pipeline = d.pipeline AND s.id = d.stage WHERE d.outcome = 'open'"
        " ON CONFLICT (pipeline, stage, owner_id) DO UPDATE SET deals = deals + 1,"
        " amount_usd_cents = amount_usd_cents + excluded.amount_usd_cents,"
        " weighted_usd_cents_percent = weighted_usd_cents_percent + excluded.weighted_usd_cents_percent,"
        " entered_seconds = entered_seconds + excluded.entered_seconds;"
    )
    fields = (
        "pipeline",
        "stage",
        "owner_id",
        "amount_usd_cents",
        "probability_percent",
        "stage_entered_at",
        "outcome",
    )

    def columns(row: str) -> str:
        return ", ".join(f"{row}.{name} AS {name}" for name in fields)

    take = (
        "UPDATE stage_total SET deals = deals - 1, amount_usd_cents = amount_usd_cents - OLD.amount_usd_cents,"
        " weighted_usd_cents_percent = weighted_usd_cents_percent - OLD.amount_usd_cents * coalesce(OLD.probability_percent,"
        " (SELECT probability_percent FROM stage WHERE pipeline = OLD.pipeline AND id = OLD.stage)),"
        " entered_seconds = entered_seconds - OLD.stage_entered_at / 1000000"
        " WHERE OLD.outcome = 'open' AND pipeline = OLD.pipeline AND stage = OLD.stage AND owner_id = OLD.owner_id;"
    )
    step = (
        "UPDATE deal SET (next_step_id, next_step, next_step_on, next_step_minute) ="
        " (SELECT max(id), coalesce(max(subject), ''), max(due_on), max(due_minute) FROM activity"
        "  WHERE deal_id = deal.id AND state = 'planned' AND is_next_step = 1) WHERE id = {deal};"
    )
    versioned = ", ".join((*DEAL_COLUMNS, "amount_minor", "amount_from", "terms_lines", "terms_rev", "last_check_id"))
    return [
        f"CREATE TRIGGER deal_total_insert AFTER INSERT ON deal BEGIN {add.format(columns=columns('NEW'))} END;",
        f"CREATE TRIGGER deal_total_update AFTER UPDATE OF {', '.join(fields)} ON deal"
        f" WHEN ({', '.join('NEW.' + f for f in fields)}) IS NOT ({', '.join('OLD.' + f for f in fields)})"
        f" BEGIN {take} {add.format(columns=columns('NEW'))} END;",
        f"CREATE TRIGGER deal_total_delete AFTER DELETE ON deal BEGIN {take} END;",
        f"CREATE TRIGGER deal_version AFTER UPDATE OF {versioned} ON deal BEGIN"
        " UPDATE deal SET version = version + 1, updated_at = crm_now() WHERE id = NEW.id; END;",
        "CREATE TRIGGER activity_step_insert AFTER INSERT ON activity WHEN NEW.is_next_step = 1 AND NEW.deal_id IS NOT NULL"
        f" BEGIN {step.format(deal='NEW.deal_id')} END;",
        "CREATE TRIGGER activity_step_update AFTER UPDATE ON activity"
        " WHEN (NEW.is_next_step = 1 OR OLD.is_next_step = 1) AND NEW.deal_id IS NOT NULL"
        f" BEGIN {step.format(deal='NEW.deal_id')} END;",
        "CREATE TRIGGER activity_step_delete AFTER DELETE ON activity WHEN OLD.is_next_step = 1 AND OLD.deal_id IS NOT NULL"
        f" BEGIN {step.format(deal='OLD.deal_id')} END;",
        "CREATE TRIGGER customer_searched AFTER INSERT ON customer BEGIN"
        " INSERT INTO customer_search (rowid, name) VALUES (NEW.id, NEW.name); END;",
        "CREATE TRIGGER customer_renamed AFTER UPDATE OF name ON customer WHEN NEW.name <> OLD.name BEGIN"
        " INSERT INTO customer_search (customer_search, rowid, name) VALUES ('delete', OLD.id, OLD.name);"
        " INSERT INTO customer_search (rowid, name) VALUES (NEW.id, NEW.name); END;",
        "CREATE TRIGGER customer_forgotten AFTER DELETE ON customer BEGIN"
        " INSERT INTO customer_search (customer_search, rowid, name) VALUES ('delete', OLD.id, OLD.name); END;",
    ]


# Columns of deals that people and the program set; what triggers derive from them is not listed.
DEAL_COLUMNS = (
    "customer_id", "owner_id", "pipeline", "stage", "outcome", "type", "lead_source", "need", "budget_minor", "time_frame",
    "decision_maker", "walkthrough_on", "walkthrough_with", "walkthrough_ready", "typed_amount_minor", "currency",
    "usd_rate_micros", "probability_percent", "category", "close_on", "stage_entered_at", "stage_reason", "lost_reason",
    "lost_by", "lost_on", "lost_note", "won_on", "closed_at",
)  # fmt: skip
# Columns that triggers derive: journalled so that other sessions see them, left alone by undo.
DEAL_DERIVED = ("amount_minor", "amount_from", "terms_rev", "last_check_id", "next_step_id")

# Tables whose every change is journalled, with the columns that are compared. An import's own rows carry its run instead.
JOURNALLED: dict[str, tuple[str, ...]] = {
    "deal": DEAL_COLUMNS + DEAL_DERIVED,
    "deal_line": ("deal_id", "position", "product_id", "description", "quantity", "is_monthly", "months", "price_minor", "discount_bp"),
    "quote": ("number", "revision", "deal_id", "state", "currency", "valid_until", "addressee", "note", "reason", "created_at",
              "created_by", "sent_at", "answered_on"),
    "quote_line": ("quote_id", "position", "product_id", "description", "quantity", "is_monthly", "months", "price_minor", "discount_bp"),
    "tech_check": ("deal_id", "outcome", "signed_by_id", "checked_on", "details"),
    "tech_check_request": ("deal_id", "asked_of_id", "asked_by", "needed_by", "note", "asked_at"),
    "tech_check_draft": ("deal_id", "user_id", "payload", "saved_at"),
    "customer": ("kind", "name", "given", "surname", "birth_date", "gender", "email", "phone", "street", "city", "state", "postcode",
                 "country", "tier", "satisfaction", "occupation", "income_minor", "email_subscriber", "do_not_contact", "lead_source",
                 "owner_id", "origin", "run_id", "first_seen_on", "unpaid_minor", "unpaid_since", "open_cases", "has_high_case",
                 "merged_into_id", "created_at"),
    "person": ("account_id", "name", "position", "email", "phone", "email_subscriber", "do_not_contact", "bounces", "is_primary",
               "individual_id", "record_id"),
    "activity": ("customer_id", "deal_id", "enrolment_step_id", "owner_id", "channel", "type", "who", "subject", "notes", "state",
                 "is_next_step", "due_on", "due_minute", "duration_minutes", "done_at", "done_by", "points", "created_at", "created_by"),
    "enrolment": ("customer_id", "programme_id", "programme_code", "state", "pause_reason", "exit_reason", "exit_note", "started_at",
                  "started_on", "started_by", "ended_at", "ended_by", "deal_id"),
    "enrolment_step": ("enrolment_id", "position", "state", "counted_on", "due_on", "due_minute", "result", "reason", "notes",
                       "finished_at", "finished_by"),
    "sent_email": ("customer_id", "deal_id", "enrolment_step_id", "recipient", "subject", "body", "handed_to", "sent_at", "sent_by"),
    "product": ("code", "name", "billing", "price_minor", "currency", "active"),
    "app_user": ("login", "name", "team_id", "territory", "active", "created_at"),
    "team": ("name", "manager_id"),
    "import_run": ("state", "finished_at"),
}  # fmt: skip
_IMPORTED = frozenset({"customer", "person", "deal"})


def _journal_of(table: str, columns: tuple[str, ...]) -> list[str]:
    quiet = " WHEN crm_path() <> 'import'" if table in _IMPORTED else ""
    head = "INSERT INTO journal (action_id, at, actor, path, table_name, row_id, op, column_name, before, after)"
    who = f"crm_action(), crm_now(), crm_actor(), crm_path(), '{table}'"

    def whole(row: str) -> str:
        return "json_object('id', {r}.id, {rest})".format(r=row, rest=", ".join(f"'{c}', {row}.{c}" for c in columns))

    differing = " UNION ALL ".join(
        f"SELECT '{c}' AS c, OLD.{c} AS b, NEW.{c} AS a WHERE OLD.{c} IS NOT NEW.{c}" for c in columns
    )
    return [
        f"CREATE TRIGGER journal_{table}_i AFTER INSERT ON {table}{quiet} BEGIN {head}"
        f" VALUES ({who}, NEW.id, 'i', NULL, NULL, {whole('NEW')}); END;",
        f"CREATE TRIGGER journal_{table}_u AFTER UPDATE OF {', '.join(columns)} ON {table}{quiet} BEGIN {head}"
        f" SELECT {who}, NEW.id, 'u', c, b, a FROM ({differing}); END;",
        f"CREATE TRIGGER journal_{table}_d AFTER DELETE ON {table}{quiet} BEGIN {head}"
        f" VALUES ({who}, OLD.id, 'd', NULL, {whole('OLD')}, NULL); END;",
    ]


def statements() -> list[str]:
    """Return every CREATE TRIGGER, in the order in which SQLite should make them.

    SQLite fires triggers of one event newest first in practice but promises no order: none of these depends on it.
    """
    made = _tech_check_rules() + _deal_rules() + _nurture_rules() + _kept_columns()
    for table, columns in JOURNALLED.items():
        made += _journal_of(table, columns)
    return made
