"""One change of many deals: what of it can be done is seen beforehand, and done as one action (rules 1.9).

What would happen is not foretold but tried, deal by deal, and rolled back: the preview can't differ from the change.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from peewee import PeeweeException

from models import journal
from models.deals import deals
from models.deals.detail_records import MovePreview
from models.deals.details import get_detail
from models.errors import ContosoError, from_database
from models.people import users
from models.people.records import Actor


def preview_edit(
    actor: Actor, now: dt.datetime, deal_ids: Sequence[int], changes: Mapping[str, Any]
) -> list[MovePreview]:
    """Tell for each deal whether these fields could be changed, and why not; nothing is changed by asking.

    Raises:
        NotFoundError: there is no such deal.
    """
    return _try(actor, now, deal_ids, lambda deal_id: deals.edit(actor, now, deal_id, changes))


def preview_assign(actor: Actor, now: dt.datetime, deal_ids: Sequence[int], login: str) -> list[MovePreview]:
    """Tell for each deal whether it could be handed over, and why not; nothing is changed by asking.

    Raises:
        NotFoundError: there is no such deal or user.
    """
    users.get_id(login)
    return _try(actor, now, deal_ids, lambda deal_id: deals.assign(actor, now, [deal_id], login))


def edit(actor: Actor, now: dt.datetime, deal_ids: Sequence[int], changes: Mapping[str, Any]) -> None:
    """Change the same fields of several deals, all or none, as one undo; raises what `deals.edit` does."""
    if not deal_ids or not changes:
        return
    names = ", ".join(sorted(name.removesuffix("_minor").replace("_", " ") for name in changes))
    with journal.action(actor, now, "deal.edit", f"Changed {names} of {len(deal_ids)} deals"):
        for deal_id in deal_ids:
            deals.edit(actor, now, deal_id, changes)


def _try(actor: Actor, now: dt.datetime, deal_ids: Sequence[int], work: Callable[[int], None]) -> list[MovePreview]:
    found: list[MovePreview] = []
    with journal.action(actor, now, "deal.preview", "Looked ahead", can_undo=False) as made:
        made.is_trial = True
        for deal_id in deal_ids:
            deal = get_detail(deal_id, now)
            found.append(MovePreview(deal_id, deal.customer, deal.stage.id, _reason(work, deal_id)))
    return found


def _reason(work: Callable[[int], None], deal_id: int) -> str:
    try:
        work(deal_id)
    except ContosoError as error:
        return error.message
    except (PeeweeException, sqlite3.Error) as error:
        return from_database(error).message
    return ""
