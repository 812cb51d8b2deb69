"""Pieces of SQL that several kinds of triggers share; for this package."""

from __future__ import annotations

# Without the rule every deal needs a check: a rule that is lost must not open the gate.
LIMIT = "coalesce((SELECT value FROM rule WHERE key = 'tech_check_limit_usd_cents'), 0)"

_TERMS = "(amount_minor, amount_usd_cents, amount_from, amount_quote_id, terms_lines)"
_TRUE_TERMS = (
    "(SELECT t.amount_minor, t.amount_usd_cents, t.origin, t.quote_id, t.lines FROM deal_terms t"
    " WHERE t.deal_id = deal.id)"
)


def refuse(name: str, event: str, when: str, code: str) -> str:
    """Return a trigger that refuses a row with `code` where `when` holds."""
    return f"CREATE TRIGGER {name} {event} FOR EACH ROW WHEN {when} BEGIN SELECT RAISE(ABORT, '{code}'); END;"


def differ(columns: tuple[str, ...]) -> str:
    """Return the condition that an UPDATE changes one of `columns`."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"({new}) IS NOT ({old})" if len(columns) > 1 else f"{new} IS NOT {old}"


def recompute(deal: str) -> str:
    """Return the statement that brings a deal's amount and lines to those of its terms, where they differ."""
    return f"UPDATE deal SET {_TERMS} = {_TRUE_TERMS} WHERE id = {deal} AND {_TERMS} IS NOT {_TRUE_TERMS};"


def stage_of(row: str, column: str) -> str:
    """Return a column of the stage in which the row of `deal` stands."""
    return f"(SELECT s.{column} FROM stage s WHERE s.pipeline = {row}.pipeline AND s.id = {row}.stage)"


def is_frozen(deal: str) -> str:
    """Return the condition that the deal is won: its amount, lines and quotes stay (rules 1.8)."""
    return f"coalesce((SELECT outcome FROM deal WHERE id = {deal}) IN ('won', 'won_imported'), 0)"
