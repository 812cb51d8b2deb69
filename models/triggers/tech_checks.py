"""What makes a tech check: who signs, when, under which terms; and that it stays as it was signed (rules 2)."""

from __future__ import annotations

from models.triggers.parts import LIMIT, refuse

_POSITION = (
    "(SELECT s.position FROM stage s, deal d WHERE d.id = NEW.deal_id AND s.pipeline = d.pipeline AND s.id = d.stage)"
)
_SECOND = (
    "(SELECT s.position FROM stage s, deal d WHERE d.id = NEW.deal_id AND s.pipeline = d.pipeline"
    " ORDER BY s.position LIMIT 1 OFFSET 1)"
)


def _deal(column: str) -> str:
    return f"(SELECT {column} FROM deal WHERE id = NEW.deal_id)"


def _not_the_deals(**columns: str) -> str:
    return " OR ".join(f"NEW.{mine} IS NOT {_deal(of_deal)}" for mine, of_deal in columns.items())


def statements() -> list[str]:
    """Return the triggers of tech checks."""
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
            " OR NEW.entered_at IS NOT crm_now()",
            "CRM104",
        ),
        # Lines alone, not `terms_rev`: a move back makes a sign-off stale but the solution is the same.
        (
            "owner",
            f"{_deal('owner_id')} = NEW.signed_by_id OR EXISTS (SELECT 1 FROM deal_ownership o"
            " WHERE o.deal_id = NEW.deal_id AND o.user_id = NEW.signed_by_id"
            f" AND o.terms_lines = {_deal('terms_lines')})",
            "CRM105",
        ),
        (
            "date",
            "date(NEW.checked_on) IS NOT NEW.checked_on OR NEW.checked_on > crm_today()"
            f" OR NEW.checked_on < {_deal('created_on')}",
            "CRM106",
        ),
        (
            "terms",
            _not_the_deals(
                terms_rev="terms_rev",
                signed_usd_cents="amount_usd_cents",
                signed_lines="terms_lines",
                signed_from="amount_from",
                signed_quote_id="amount_quote_id",
            ),
            "CRM107",
        ),
        ("details", "NEW.outcome <> 'passed' AND trim(NEW.details) = ''", "CRM108"),
        ("open", f"{_deal('outcome')} IS NOT 'open' OR {_POSITION} < {_SECOND}", "CRM109"),
        ("needed", f"{_deal('amount_usd_cents')} <= {LIMIT}", "CRM117"),
    ]
    return [
        *(refuse(f"tech_check_{name}", "BEFORE INSERT ON tech_check", when, code) for name, when, code in rules),
        # The newest check counts: an id that jumps ahead would hide every later one.
        refuse(
            "tech_check_in_turn",
            "AFTER INSERT ON tech_check",
            "NEW.id IS NOT 1 + (SELECT coalesce(max(id), 0) FROM tech_check WHERE id <> NEW.id)",
            "CRM102",
        ),
        refuse("tech_check_fixed", "BEFORE UPDATE ON tech_check", "1", "CRM102"),
        refuse("tech_check_kept", "BEFORE DELETE ON tech_check", "1", "CRM102"),
        "CREATE TRIGGER tech_check_counts AFTER INSERT ON tech_check BEGIN"
        " UPDATE deal SET last_check_id = NEW.id WHERE id = NEW.deal_id;"
        " DELETE FROM tech_check_draft WHERE deal_id = NEW.deal_id AND user_id = NEW.signed_by_id; END;",
    ]
