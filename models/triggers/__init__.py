"""Rules and records that the database keeps by itself, whoever writes; made anew after every migration.

Each trigger raises a code that `models.errors` turns into a sentence. `crm_actor()`, `crm_path()`, `crm_now()`,
`crm_today()` and `crm_action()` are functions that `models.database` registers: a connection without them can't write.
"""

from __future__ import annotations

from models.triggers import (
    assessments,
    deals,
    guard,
    journal,
    kept,
    links,
    materials,
    nurture,
    orders,
    points,
    quotes,
    rates,
    team,
    tech_checks,
)
from models.triggers.journal import DEAL_COLUMNS, DEAL_DERIVED, DERIVED, JOURNALLED, LINKED

__all__ = ["DEAL_COLUMNS", "DEAL_DERIVED", "DERIVED", "JOURNALLED", "LINKED", "statements"]


def statements() -> list[str]:
    """Return every CREATE TRIGGER, in the order in which SQLite should make them.

    SQLite fires triggers of one event newest first in practice but promises no order: none of these depends on it.
    """
    return [
        *tech_checks.statements(),
        *deals.statements(),
        *quotes.statements(),
        *rates.statements(),
        *orders.statements(),
        *nurture.statements(),
        *assessments.statements(),
        *materials.statements(),
        *points.statements(),
        *team.statements(),
        *kept.statements(),
        *links.statements(),
        *guard.statements(),
        *journal.statements(),
    ]
