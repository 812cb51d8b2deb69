"""Pieces of SQL that several kinds of triggers share; for this package."""

from __future__ import annotations

# Without the rule every deal needs a check: a rule that is lost must not open the gate.
LIMIT = "coalesce((SELECT value FROM rule WHERE key = 'tech_check_limit_usd_cents'), 0)"

_TERMS = "(amount_minor, amount_usd_cents, amount_from, amount_quote_id, terms_lines)"
_TRUE_TERMS = (
    "(SELECT t.amount_minor, t.amount_usd_cents, t.origin, t.quote_id, t.lines FROM deal_terms t"
    " WHERE t.deal_id = deal.id)"
)


_RATE_TODAY = (
    "coalesce((SELECT r.usd_rate_micros FROM exchange_rate r WHERE r.currency = deal.currency"
    " AND r.on_date <= crm_today() ORDER BY r.on_date DESC, r.id DESC LIMIT 1), deal.usd_rate_micros)"
)


def refuse(name: str, event: str, when: str, code: str) -> str:
    """Return a trigger that refuses a row with `code` where `when` holds."""
    return f"CREATE TRIGGER {name} {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{code}'); END;"


def differ(columns: tuple[str, ...]) -> str:
    """Return the condition that an UPDATE changes one of `columns`."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"({new}) IS NOT ({old})" if len(columns) > 1 else f"{new} IS NOT {old}"


def recompute(deal: str) -> str:
    """Return what brings a deal's amount and lines to those of its terms, where they differ.

    An amount that changes takes the rate of the day, before it is worth anything in US dollars (rules 5.1).
    """
    return (
        f"UPDATE deal SET usd_rate_micros = {_RATE_TODAY} WHERE id = {deal} AND currency <> 'USD'"
        " AND amount_minor IS NOT (SELECT t.amount_minor FROM deal_terms t WHERE t.deal_id = deal.id)"
        f" AND usd_rate_micros IS NOT {_RATE_TODAY};"
        f" UPDATE deal SET {_TERMS} = {_TRUE_TERMS} WHERE id = {deal} AND {_TERMS} IS NOT {_TRUE_TERMS};"
    )


def in_us_cents(minor: str, rate: str) -> str:
    """Return an amount at a rate in US cents; millions apart, as a large amount times a rate fits no integer."""
    return f"(({minor}) / 1000000 * {rate} + (({minor}) % 1000000 * {rate} + 500000) / 1000000)"


def stage_of(row: str, column: str) -> str:
    """Return a column of the stage in which the row of `deal` stands."""
    return f"(SELECT s.{column} FROM stage s WHERE s.pipeline = {row}.pipeline AND s.id = {row}.stage)"


def is_frozen(deal: str) -> str:
    """Return the condition that the deal is won: its amount, lines and quotes stay (rules 1.8)."""
    return f"coalesce((SELECT outcome FROM deal WHERE id = {deal}) IN ('won', 'won_imported'), 0)"
