"""Exchange rates that deals keep; notes of discounts that bring a deal under the tech-check limit (rules 2, 5.1)."""

from __future__ import annotations

from models.triggers.parts import LIMIT, in_us_cents, refuse

_LIST_MINOR = (
    "(SELECT coalesce(sum(gross_minor), 0) FROM quote_line WHERE quote_id = NEW.amount_quote_id)"
    " + (SELECT CASE WHEN NEW.amount_quote_id IS NULL THEN coalesce(sum(gross_minor), 0) ELSE 0 END"
    " FROM deal_line WHERE deal_id = NEW.id)"
)
_KNOWN = "(SELECT usd_rate_micros FROM exchange_rate WHERE currency = NEW.currency)"


def statements() -> list[str]:
    """Return the triggers of rates and of discount notes."""
    list_cents = in_us_cents(_LIST_MINOR, "NEW.usd_rate_micros")
    is_there = "EXISTS (SELECT 1 FROM deal WHERE id = OLD.deal_id)"
    return [
        # A made-up rate would carry any amount below the limit.
        refuse(
            "deal_rate_known_new",
            "BEFORE INSERT ON deal",
            "NEW.currency <> 'USD' AND EXISTS (SELECT 1 FROM exchange_rate WHERE currency = NEW.currency)"
            f" AND NEW.usd_rate_micros <> 1000000 AND NEW.usd_rate_micros NOT IN {_KNOWN}",
            "CRM120",
        ),
        refuse(
            "deal_rate_known",
            "BEFORE UPDATE OF usd_rate_micros ON deal",
            "NEW.currency <> 'USD' AND NEW.usd_rate_micros <> OLD.usd_rate_micros"
            f" AND NEW.usd_rate_micros NOT IN {_KNOWN}",
            "CRM120",
        ),
        # Deals keep the rates that they were counted with: a rate is followed by a newer one, never changed.
        refuse("exchange_rate_fixed", "BEFORE UPDATE ON exchange_rate", "1", "CRM524"),
        refuse(
            "exchange_rate_kept",
            "BEFORE DELETE ON exchange_rate",
            "EXISTS (SELECT 1 FROM deal WHERE currency = OLD.currency AND usd_rate_micros = OLD.usd_rate_micros)",
            "CRM524",
        ),
        "CREATE TRIGGER deal_discounted AFTER UPDATE OF amount_usd_cents ON deal"
        f" WHEN NEW.amount_usd_cents <= {LIMIT} AND NEW.amount_usd_cents <> OLD.amount_usd_cents"
        f" AND NEW.amount_from <> 'typed' AND {list_cents} > {LIMIT} BEGIN"
        " INSERT INTO discount_note (deal_id, list_usd_cents, net_usd_cents, limit_usd_cents, at, actor, path)"
        f" VALUES (NEW.id, {list_cents}, NEW.amount_usd_cents, {LIMIT}, crm_now(), crm_actor(), crm_path()); END;",
        refuse(
            "discount_note_true",
            "BEFORE INSERT ON discount_note",
            "EXISTS (SELECT 1 FROM discount_note WHERE id = NEW.id) OR (NEW.actor, NEW.path, NEW.at) IS NOT"
            " (crm_actor(), crm_path(), crm_now())"
            " OR NEW.net_usd_cents IS NOT (SELECT amount_usd_cents FROM deal WHERE id = NEW.deal_id)",
            "CRM304",
        ),
        refuse("discount_note_fixed", "BEFORE UPDATE ON discount_note", "1", "CRM304"),
        refuse("discount_note_kept", "BEFORE DELETE ON discount_note", is_there, "CRM304"),
        "CREATE TRIGGER deal_gone_discounts AFTER DELETE ON deal BEGIN"
        " DELETE FROM discount_note WHERE deal_id = OLD.id; END;",
    ]
