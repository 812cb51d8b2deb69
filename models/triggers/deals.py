"""What the database refuses of deals, and what it keeps for them: terms, sign-offs, owners, moves (rules 1, 2, 5)."""

from __future__ import annotations

from models.triggers.parts import LIMIT, differ, is_frozen, recompute, refuse, stage_of

_TECH_POSITION = "(SELECT position FROM stage s WHERE s.pipeline = NEW.pipeline AND s.is_tech_check = 1)"
# The newest check of the deal was made under its present terms and passed.
_SIGN_OFF_HOLDS = (
    "EXISTS (SELECT 1 FROM tech_check c WHERE c.deal_id = NEW.id"
    " AND c.id = (SELECT max(id) FROM tech_check WHERE deal_id = NEW.id)"
    " AND c.terms_rev = (SELECT terms_rev FROM deal WHERE id = NEW.id)"
    " AND c.outcome <> 'failed'"
    " AND c.signed_lines = (SELECT lines FROM deal_terms WHERE deal_id = c.deal_id)"
    " AND c.signed_usd_cents >= (SELECT amount_usd_cents FROM deal_terms WHERE deal_id = c.deal_id))"
)
# Asked of the terms as they stand, not of the deal's columns, which other triggers may not have brought up to date.
_OVER_WITHOUT_CHECK = (
    f"(SELECT amount_usd_cents FROM deal_terms WHERE deal_id = NEW.id) > {LIMIT} AND NOT {_SIGN_OFF_HOLDS}"
)
_LOSES_SIGN_OFF = f"""NEW.terms_rev = OLD.terms_rev
    AND EXISTS (SELECT 1 FROM tech_check c WHERE c.deal_id = NEW.id AND c.terms_rev = OLD.terms_rev
        AND (NEW.terms_lines IS NOT c.signed_lines OR NEW.amount_usd_cents > c.signed_usd_cents
             OR NEW.amount_usd_cents <= {LIMIT} OR NEW.pipeline <> OLD.pipeline
             OR ({stage_of("NEW", "position")} < {stage_of("OLD", "position")}
                 AND {stage_of("NEW", "position")} < coalesce({_TECH_POSITION}, {stage_of("OLD", "position")}))))"""


def _enters_guarded(was_not_won: str, was_not_there: str) -> str:
    """Return the condition that the row enters Won, or the last stage of a pipeline that has a Tech Check."""
    return (
        f"((NEW.outcome = 'won' AND ({was_not_won})) OR (NEW.outcome = 'open' AND {stage_of('NEW', 'is_last')} = 1"
        " AND EXISTS (SELECT 1 FROM stage s WHERE s.pipeline = NEW.pipeline AND s.is_tech_check = 1)"
        f" AND ({was_not_there})))"
    )


def statements() -> list[str]:
    """Return the triggers of deals, of their lines, and of the records of owners and moves."""
    return [*_entering(), *_imported(), *_columns(), *_lines(), *_keeps(), *_limit(), *_records()]


def _entering() -> list[str]:
    return [
        refuse(
            "deal_enters_by_insert",
            "AFTER INSERT ON deal",
            f"{_enters_guarded('1', '1')} AND {_OVER_WITHOUT_CHECK}",
            "CRM101",
        ),
        refuse(
            "deal_enters",
            "AFTER UPDATE OF stage, outcome, pipeline ON deal",
            _enters_guarded(
                "OLD.outcome <> 'won'",
                f"OLD.outcome <> 'open' OR {stage_of('OLD', 'is_last')} = 0 OR OLD.pipeline <> NEW.pipeline",
            )
            + f" AND {_OVER_WITHOUT_CHECK}",
            "CRM101",
        ),
        refuse(
            "deal_takeover",
            "BEFORE UPDATE OF owner_id ON deal",
            "NEW.owner_id <> OLD.owner_id AND EXISTS (SELECT 1 FROM tech_check c WHERE c.deal_id = OLD.id"
            " AND c.terms_rev = OLD.terms_rev AND c.signed_by_id = NEW.owner_id)",
            "CRM110",
        ),
    ]


def _imported() -> list[str]:
    return [
        refuse(
            "deal_won_imported",
            "BEFORE INSERT ON deal",
            "NEW.outcome = 'won_imported' AND (crm_path() <> 'import' OR NEW.run_id IS NULL)",
            "CRM113",
        ),
        refuse(
            "deal_won_imported_never",
            "BEFORE UPDATE OF outcome ON deal",
            "NEW.outcome = 'won_imported' AND OLD.outcome <> 'won_imported'",
            "CRM113",
        ),
        refuse(
            "deal_won_imported_back",
            "BEFORE UPDATE OF outcome, stage, pipeline ON deal",
            f"OLD.outcome = 'won_imported' AND {differ(('outcome', 'stage', 'pipeline'))}"
            f" AND NOT (NEW.outcome = 'open' AND {stage_of('NEW', 'is_first')} = 1)",
            "CRM114",
        ),
    ]


def _columns() -> list[str]:
    derived = ("amount_minor", "amount_usd_cents", "amount_from", "amount_quote_id", "terms_lines")
    typed = ("typed_amount_minor", "currency", "usd_rate_micros")
    born = ("created_at", "created_on", "created_by")
    dollar = "NEW.currency = 'USD' AND NEW.usd_rate_micros <> 1000000"
    return [
        refuse(
            "deal_terms_start",
            "BEFORE INSERT ON deal",
            "NEW.terms_rev <> 1 OR NEW.last_check_id IS NOT NULL",
            "CRM111",
        ),
        refuse(
            "deal_terms_rise",
            "BEFORE UPDATE OF terms_rev ON deal",
            "NEW.terms_rev NOT IN (OLD.terms_rev, OLD.terms_rev + 1)",
            "CRM111",
        ),
        refuse(
            "deal_last_check",
            "AFTER UPDATE OF last_check_id ON deal",
            "NEW.last_check_id IS NOT (SELECT max(id) FROM tech_check WHERE deal_id = NEW.id)",
            "CRM102",
        ),
        refuse(
            "deal_amount_true",
            f"AFTER UPDATE OF {', '.join(derived)} ON deal",
            f"({', '.join(f'NEW.{column}' for column in derived)}) IS NOT"
            " (SELECT t.amount_minor, t.amount_usd_cents, t.origin, t.quote_id, t.lines"
            " FROM deal_terms t WHERE t.deal_id = NEW.id)",
            "CRM116",
        ),
        refuse(
            "deal_frozen",
            f"BEFORE UPDATE OF {', '.join(typed)} ON deal",
            f"OLD.outcome IN ('won', 'won_imported') AND {differ(typed)}",
            "CRM115",
        ),
        # It is reopened where it was closed; an older move that is undone must not carry it elsewhere.
        refuse(
            "deal_closed_stays",
            "BEFORE UPDATE OF stage, pipeline ON deal",
            "OLD.outcome NOT IN ('open', 'won_imported') AND NEW.outcome <> 'open'"
            f" AND {differ(('stage', 'pipeline'))}",
            "CRM124",
        ),
        # A made-up rate would carry any amount below the limit.
        refuse("deal_rate_new", "BEFORE INSERT ON deal", dollar, "CRM120"),
        refuse(
            "deal_rate",
            "BEFORE UPDATE OF currency, usd_rate_micros ON deal",
            f"NEW.currency <> OLD.currency OR ({dollar})",
            "CRM120",
        ),
        refuse("deal_born", f"BEFORE UPDATE OF {', '.join(born)} ON deal", differ(born), "CRM112"),
        refuse(
            "deal_kept",
            "BEFORE DELETE ON deal",
            "OLD.outcome <> 'open' OR EXISTS (SELECT 1 FROM tech_check WHERE deal_id = OLD.id)"
            " OR EXISTS (SELECT 1 FROM quote WHERE deal_id = OLD.id AND state <> 'draft')",
            "CRM112",
        ),
    ]


def _lines() -> list[str]:
    made = [
        refuse("deal_line_moved", "BEFORE UPDATE OF deal_id ON deal_line", differ(("deal_id",)), "CRM121"),
    ]
    for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        name = f"deal_line_{event.lower()}"
        made += [
            refuse(f"{name}_frozen", f"BEFORE {event} ON deal_line", is_frozen(f"{row}.deal_id"), "CRM115"),
            f"CREATE TRIGGER {name}_counts AFTER {event} ON deal_line BEGIN {recompute(f'{row}.deal_id')} END;",
        ]
    return made


def _keeps() -> list[str]:
    return [
        f"CREATE TRIGGER deal_loses_sign_off AFTER UPDATE OF amount_usd_cents, terms_lines, stage, pipeline ON deal"
        f" WHEN {_LOSES_SIGN_OFF} BEGIN UPDATE deal SET terms_rev = terms_rev + 1 WHERE id = NEW.id; END;",
        f"CREATE TRIGGER deal_amount_first AFTER INSERT ON deal BEGIN {recompute('NEW.id')}"
        " INSERT OR IGNORE INTO deal_ownership (deal_id, user_id, terms_rev, terms_lines)"
        " SELECT id, owner_id, terms_rev, terms_lines FROM deal WHERE id = NEW.id;"
        " INSERT INTO stage_change (deal_id, to_stage, to_outcome, reason, amount_usd_cents, at, actor, path)"
        " VALUES (NEW.id, NEW.stage, NEW.outcome, NEW.stage_reason,"
        " (SELECT amount_usd_cents FROM deal WHERE id = NEW.id), crm_now(), crm_actor(), crm_path()); END;",
        "CREATE TRIGGER deal_amount_typed AFTER UPDATE OF typed_amount_minor, usd_rate_micros ON deal BEGIN"
        f" {recompute('NEW.id')} END;",
        "CREATE TRIGGER deal_owned AFTER UPDATE OF owner_id, terms_rev, terms_lines ON deal BEGIN"
        " INSERT OR IGNORE INTO deal_ownership (deal_id, user_id, terms_rev, terms_lines)"
        " SELECT id, owner_id, terms_rev, terms_lines FROM deal WHERE id = NEW.id; END;",
        "CREATE TRIGGER deal_moved AFTER UPDATE OF stage, outcome ON deal"
        " WHEN NEW.stage <> OLD.stage OR NEW.outcome <> OLD.outcome BEGIN"
        " INSERT INTO stage_change (deal_id, from_stage, to_stage, from_outcome, to_outcome, reason, amount_usd_cents,"
        " at, actor, path) VALUES (NEW.id, OLD.stage, NEW.stage, OLD.outcome, NEW.outcome, NEW.stage_reason,"
        " (SELECT amount_usd_cents FROM deal_terms WHERE deal_id = NEW.id), crm_now(), crm_actor(), crm_path()); END;",
        # A deal goes only while nothing hangs on it; what its own triggers wrote goes with it.
        "CREATE TRIGGER deal_gone AFTER DELETE ON deal BEGIN"
        " DELETE FROM stage_change WHERE deal_id = OLD.id; DELETE FROM deal_ownership WHERE deal_id = OLD.id; END;",
    ]


def _limit() -> list[str]:
    """A deal that a higher limit frees loses its sign-off: lowering the limit again doesn't revive it (rules 2)."""
    return [
        "CREATE TRIGGER rule_frees_deals AFTER UPDATE OF value ON rule"
        " WHEN NEW.key = 'tech_check_limit_usd_cents' AND NEW.value > OLD.value BEGIN"
        " UPDATE deal SET terms_rev = terms_rev + 1 WHERE amount_usd_cents <= NEW.value AND EXISTS"
        " (SELECT 1 FROM tech_check c WHERE c.deal_id = deal.id AND c.terms_rev = deal.terms_rev); END;"
    ]


def _records() -> list[str]:
    """Who has owned a deal decides who may sign it, so that record is as fixed as the history of moves."""
    made = [
        refuse(
            "stage_change_replaced",
            "BEFORE INSERT ON stage_change",
            "EXISTS (SELECT 1 FROM stage_change WHERE id = NEW.id)"
            " OR (NEW.actor, NEW.path, NEW.at) IS NOT (crm_actor(), crm_path(), crm_now())",
            "CRM304",
        ),
    ]
    for table in ("stage_change", "deal_ownership"):
        is_there = "EXISTS (SELECT 1 FROM deal WHERE id = OLD.deal_id)"
        made += [
            refuse(f"{table}_fixed", f"BEFORE UPDATE ON {table}", "1", "CRM304"),
            refuse(f"{table}_kept", f"BEFORE DELETE ON {table}", is_there, "CRM304"),
        ]
    return made
