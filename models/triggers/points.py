"""A closed month's score stands: what was counted in it is never changed, added to or taken away (rules 6)."""

from __future__ import annotations

from models.triggers.parts import refuse

_IS_OPERATIONS = (
    "EXISTS (SELECT 1 FROM app_user u JOIN user_role r ON r.user_id = u.id"
    " WHERE u.login = crm_actor() AND r.role = 'operations')"
)


def statements() -> list[str]:
    """Return the triggers of closed months."""
    return [
        refuse("closed_month_role", "BEFORE INSERT ON closed_month", f"NOT {_IS_OPERATIONS}", "CRM401"),
        refuse(
            "closed_month_over", "BEFORE INSERT ON closed_month", "NEW.month >= substr(crm_today(), 1, 7)", "CRM402"
        ),
        refuse(
            "closed_month_once",
            "BEFORE INSERT ON closed_month",
            "EXISTS (SELECT 1 FROM closed_month WHERE month = NEW.month)",
            "CRM403",
        ),
        refuse("closed_month_fixed", "BEFORE UPDATE ON closed_month", "1", "CRM403"),
        refuse("closed_month_kept", "BEFORE DELETE ON closed_month", "1", "CRM403"),
        refuse(
            "closed_score_counted",
            "BEFORE INSERT ON closed_score",
            f"NOT {_IS_OPERATIONS} OR EXISTS (SELECT 1 FROM closed_month WHERE month = NEW.month)"
            " OR EXISTS (SELECT 1 FROM closed_score WHERE thing = NEW.thing AND thing_id = NEW.thing_id"
            " AND born_at = NEW.born_at)",
            "CRM403",
        ),
        refuse("closed_score_fixed", "BEFORE UPDATE ON closed_score", "1", "CRM403"),
        refuse("closed_score_kept", "BEFORE DELETE ON closed_score", "1", "CRM403"),
    ]
