"""Tech checks that wait for different consultants when two customers become one: who does them (rules 4.6)."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models import clock, process
from models.database import execute
from models.deals.tech_checks import has_owned
from models.errors import RefusedError, UsageError
from models.ids import show_deal
from models.people.permissions import works_on_deal
from models.people.records import Actor

EACH = "each"
"""The answer that leaves each check with whom it was asked of."""


class Waiting(NamedTuple):
    """A tech check that was asked for and hasn't been signed since."""

    request_id: int
    deal_id: int
    owner_id: int
    user_id: int
    login: str


def list_waiting(customer_id: int) -> list[Waiting]:
    """Return the open tech checks of a customer's Deals, by Deal."""
    rows = execute(
        "SELECT r.id, d.id, d.owner_id, u.id, u.login FROM deal d"
        " JOIN tech_check_request r ON r.id = (SELECT max(id) FROM tech_check_request WHERE deal_id = d.id)"
        " JOIN app_user u ON u.id = r.asked_of_id"
        " WHERE d.customer_id = ? AND d.outcome = 'open' AND d.amount_usd_cents > ?"
        " AND NOT EXISTS (SELECT 1 FROM tech_check k WHERE k.deal_id = d.id AND k.entered_at > r.asked_at)"
        " ORDER BY d.id",
        (customer_id, process.current().tech_check_limit_usd_cents),
    )
    return [Waiting(*row) for row in rows.fetchall()]


def list_choices(actor: Actor, kept: list[Waiting], gone: list[Waiting]) -> list[str]:
    """Return what can be chosen of two customers' checks; nothing where no consultant can take all of them.

    Only who may work on a Deal may have it checked by somebody else, and nobody checks a Deal that was theirs.
    """
    if not kept or not gone:
        return []
    found = [
        login
        for login, user_id in dict.fromkeys((one.login, one.user_id) for one in (*kept, *gone))
        if all(
            works_on_deal(actor, one.deal_id, one.owner_id) and not has_owned(one.deal_id, user_id)
            for one in (*kept, *gone)
            if one.login != login
        )
    ]
    is_one = len({one.login for one in (*kept, *gone)}) == 1
    return [] if is_one or not found else [EACH, *found]


def choose(actor: Actor, now: dt.datetime, kept_id: int, gone_id: int, chosen: str | None) -> None:
    """Carry the answer out; call it inside the action, before the Deals are moved.

    Raises:
        RefusedError: there is something to choose, and nothing was.
        UsageError: the consultant is none to choose from.
    """
    kept, gone = list_waiting(kept_id), list_waiting(gone_id)
    choices = list_choices(actor, kept, gone)
    if not choices:
        return
    if chosen is None:
        told = ", ".join(f"{show_deal(one.deal_id)} for {one.login}" for one in (*kept, *gone))
        raise RefusedError(f"Tech checks wait ({told}): choose who does them, {' or '.join(choices)}")
    if chosen not in choices:
        raise UsageError(f"{chosen} can't do these tech checks; choose {' or '.join(choices)}")
    for one in (*kept, *gone):
        if chosen not in (EACH, one.login):
            execute(
                "INSERT INTO tech_check_request (deal_id, asked_of_id, asked_by, needed_by, note, asked_at)"
                " SELECT deal_id, (SELECT id FROM app_user WHERE login = ?), ?, needed_by, note, ?"
                " FROM tech_check_request WHERE id = ?",
                (chosen, actor.login, clock.to_micros(now), one.request_id),
            )
