"""What the database refuses of quotes: a sent one stays as it was sent, and moves the deal's terms (rules 5.2, 5.3)."""

from __future__ import annotations

from models.triggers.parts import differ, is_frozen, recompute, refuse

_SENT_FIELDS = ("currency", "valid_until", "addressee", "note", "created_at", "created_by", "sent_at")
_IDENTITY = ("deal_id", "number", "revision")


def statements() -> list[str]:
    """Return the triggers of quotes and of their lines."""
    return [*_quotes(), *_lines()]


def _quotes() -> list[str]:
    frozen_old, frozen_new = is_frozen("OLD.deal_id"), is_frozen("NEW.deal_id")
    return [
        refuse(
            "quote_again",
            "BEFORE INSERT ON quote",
            "EXISTS (SELECT 1 FROM quote WHERE number = NEW.number AND revision = NEW.revision)",
            "CRM118",
        ),
        refuse(
            "quote_starts",
            "BEFORE INSERT ON quote",
            "NEW.state <> 'draft' OR NEW.sent_at IS NOT NULL",
            "CRM118",
        ),
        refuse(
            "quote_one_draft_new",
            "BEFORE INSERT ON quote",
            "EXISTS (SELECT 1 FROM quote WHERE deal_id = NEW.deal_id AND state = 'draft')",
            "CRM119",
        ),
        refuse(
            "quote_one_of_each",
            "BEFORE UPDATE OF state ON quote",
            "NEW.state IN ('draft', 'accepted') AND NEW.state <> OLD.state AND EXISTS (SELECT 1 FROM quote"
            " WHERE deal_id = NEW.deal_id AND state = NEW.state AND id <> NEW.id)",
            "CRM119",
        ),
        refuse("quote_frozen_new", "BEFORE INSERT ON quote", frozen_new, "CRM115"),
        refuse(
            "quote_frozen",
            "BEFORE UPDATE OF state, deal_id ON quote",
            f"({frozen_old} OR {frozen_new}) AND {differ(('state', 'deal_id'))}",
            "CRM115",
        ),
        refuse("quote_moved", f"BEFORE UPDATE OF {', '.join(_IDENTITY)} ON quote", differ(_IDENTITY), "CRM118"),
        refuse(
            "quote_fixed",
            f"BEFORE UPDATE OF {', '.join(_SENT_FIELDS)} ON quote",
            f"OLD.state <> 'draft' AND {differ(_SENT_FIELDS)}",
            "CRM118",
        ),
        # A cancelled draft was never seen by anybody: undo may bring it back.
        refuse(
            "quote_back_to_draft",
            "BEFORE UPDATE OF state ON quote",
            "NEW.state = 'draft' AND OLD.state <> 'draft' AND NOT (OLD.state = 'cancelled' AND OLD.sent_at IS NULL)",
            "CRM118",
        ),
        refuse(
            "quote_unsent",
            "BEFORE UPDATE OF state ON quote",
            "NEW.state NOT IN ('draft', 'cancelled') AND NEW.sent_at IS NULL",
            "CRM118",
        ),
        refuse("quote_kept", "BEFORE DELETE ON quote", "OLD.state <> 'draft'", "CRM118"),
        f"CREATE TRIGGER quote_counts AFTER UPDATE OF state, sent_at ON quote BEGIN {recompute('NEW.deal_id')} END;",
    ]


def _lines() -> list[str]:
    """Only drafts take changes, and drafts don't count: no amount follows from a line by itself."""
    made = [refuse("quote_line_moved", "BEFORE UPDATE OF quote_id ON quote_line", differ(("quote_id",)), "CRM121")]
    for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        made.append(
            refuse(
                f"quote_line_{event.lower()}_sent",
                f"BEFORE {event} ON quote_line",
                f"(SELECT state FROM quote WHERE id = {row}.quote_id) IS NOT 'draft'",
                "CRM118",
            )
        )
    return made
