"""What the database refuses of deals' teams: only active users join, and a membership is never rewritten."""

from __future__ import annotations

from models.triggers.parts import refuse


def statements() -> list[str]:
    """Return the triggers of teams."""
    return [
        refuse(
            "deal_member_active",
            "BEFORE INSERT ON deal_member",
            "NOT EXISTS (SELECT 1 FROM app_user WHERE id = NEW.user_id AND active = 1)",
            "CRM122",
        ),
        refuse("deal_member_fixed", "BEFORE UPDATE ON deal_member", "1", "CRM123"),
    ]
