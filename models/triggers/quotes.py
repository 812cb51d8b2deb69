"""What the database refuses of quotes: a sent one stays as it was sent, and moves the deal's terms (rules 5.2, 5.3)."""

from __future__ import annotations

from models.triggers.parts import differ, is_frozen, recompute, refuse

_SENT_FIELDS = ("currency", "valid_until", "addressee", "note", "created_at", "created_by", "sent_at")
_IDENTITY = ("deal_id", "number", "revision")
DISCOUNT_LIMIT_KEY = "discount_limit_bp:"
"""Rules of this name and a role hold what the role may give away, in basis points."""


def statements() -> list[str]:
    """Return the triggers of quotes and of their lines."""
    return [*_quotes(), *_lines(), *_answers(), *_approvals()]


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


# What the sender may give away: the highest of their roles' limits. A manager without a limit may give everything,
# and without any limit in the process everybody may.
_SENDERS_LIMIT = (
    "(SELECT max(coalesce(x.value, CASE WHEN r.role = 'manager' THEN 10000 ELSE 0 END)) FROM app_user u"
    f" JOIN user_role r ON r.user_id = u.id LEFT JOIN rule x ON x.key = '{DISCOUNT_LIMIT_KEY}' || r.role"
    " WHERE u.login = crm_actor())"
)


def _answers() -> list[str]:
    """Return what is refused when a quote is sent, extended or accepted."""
    highest = "(SELECT max(given_bp) FROM quote_line_given WHERE quote_id = NEW.id)"
    approved = "(SELECT max(discount_bp) FROM quote_approval WHERE quote_id = NEW.id)"
    return [
        refuse(
            "quote_discount_approved",
            "BEFORE UPDATE OF state ON quote",
            "NEW.state = 'sent' AND OLD.state = 'draft'"
            f" AND EXISTS (SELECT 1 FROM rule WHERE key LIKE '{DISCOUNT_LIMIT_KEY}%')"
            f" AND {highest} > max(coalesce({_SENDERS_LIMIT}, 0), coalesce({approved}, 0))",
            "CRM522",
        ),
        refuse(
            "quote_extended",
            "BEFORE UPDATE OF extended_until ON quote",
            "NEW.extended_until IS NOT OLD.extended_until AND (OLD.state <> 'sent' OR (NEW.extended_until IS NOT NULL"
            " AND (date(NEW.extended_until) IS NOT NEW.extended_until OR NEW.extended_until <= NEW.valid_until)))",
            "CRM521",
        ),
        refuse(
            "quote_accepted_in_time",
            "BEFORE UPDATE OF state ON quote",
            "NEW.state = 'accepted' AND OLD.state <> 'accepted'"
            " AND coalesce(NEW.extended_until, NEW.valid_until) < coalesce(NEW.answered_on, crm_today())",
            "CRM521",
        ),
    ]


def _approvals() -> list[str]:
    """Return what makes an approval: a manager, in their own name, of a draft."""

    def draft(row: str) -> str:
        return f"(SELECT state FROM quote WHERE id = {row}.quote_id) IS 'draft'"

    return [
        refuse(
            "quote_approval_true",
            "BEFORE INSERT ON quote_approval",
            f"NOT {draft('NEW')} OR NEW.approved_at IS NOT crm_now() OR NOT EXISTS (SELECT 1 FROM user_role r"
            " JOIN app_user u ON u.id = r.user_id WHERE u.id = NEW.approved_by_id AND r.role = 'manager'"
            " AND u.active = 1 AND u.login = crm_actor())",
            "CRM523",
        ),
        refuse("quote_approval_fixed", "BEFORE UPDATE ON quote_approval", "1", "CRM523"),
        refuse("quote_approval_kept", "BEFORE DELETE ON quote_approval", f"NOT {draft('OLD')}", "CRM523"),
    ]
