"""The state of a deal's tech check, derived from its amount and its newest check; a pure function."""

from __future__ import annotations

from models.deals.records import Outcome, TechState


def derive(
    outcome: Outcome,
    amount_usd_cents: int,
    limit_usd_cents: int,
    check_outcome: str | None,
    *,
    check_rev: int | None,
    terms_rev: int,
    has_draft: bool,
) -> TechState:
    """Return the state (rules 2): a check counts while `terms_rev` is the one it was stamped with.

    `check_outcome` and `check_rev` are of the newest check, None where there is none.
    """
    if outcome is Outcome.WON_IMPORTED:
        return TechState.IMPORTED
    if amount_usd_cents <= limit_usd_cents:
        return TechState.NOT_NEEDED
    if check_outcome is not None and check_rev == terms_rev:
        return TechState(check_outcome)
    if has_draft:
        return TechState.DRAFT
    return TechState.STALE if check_outcome in ("passed", "passed_with_conditions") else TechState.DUE
