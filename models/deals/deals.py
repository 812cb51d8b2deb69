"""Deals: making, reading, editing and handing them over. Moving them is in `stages`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from models import clock, journal, meanwhile, process
from models.database import company_zone, execute
from models.deals import rates
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from models.deals.records import AmountFrom, Outcome
from models.errors import ChangedMeanwhileError, NotFoundError, RefusedError, UsageError
from models.ids import show_deal
from models.people import users
from models.people.permissions import login_of, require_assign, require_work_on_deal
from models.people.records import Actor

CATEGORIES = ("pipeline", "best_case", "commit", "omitted")
# Fields that people edit, by the name under which they read them, with their column.
EDITABLE = {
    "type": "type",
    "lead_source": "lead_source",
    "need": "need",
    "budget_minor": "budget_minor",
    "time_frame": "time_frame",
    "decision_maker": "decision_maker",
    "walkthrough_on": "walkthrough_on",
    "walkthrough_with": "walkthrough_with",
    "walkthrough_ready": "walkthrough_ready",
    "amount_minor": "typed_amount_minor",
    "probability_percent": "probability_percent",
    "category": "category",
    "close_on": "close_on",
}
# $10 trillion, as much as a typed amount may say.
_MAX_MINOR = 10**15
_TEXTS = {"type", "lead_source", "need", "time_frame", "decision_maker", "walkthrough_with"}


def create(
    actor: Actor,
    now: dt.datetime,
    customer_id: int,
    *,
    type: str = "",
    amount_minor: int | None = None,
    currency: str = "USD",
    owner_id: int | None = None,
    pipeline: str | None = None,
    **fields: Any,
) -> int:
    """Open a deal in the pipeline's first stage; the owner is the actor unless given. Everyone may.

    `fields` are further ones of `EDITABLE`.

    Raises:
        NotFoundError: there is no such customer.
        UsageError: a value out of its range, or a currency without an exchange rate.
    """
    rate = rates.find_micros(currency, clock.local_date(now, company_zone()))
    row = execute("SELECT name FROM customer WHERE id = ? AND merged_into_id IS NULL", (customer_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no customer {customer_id}; contoso customer list shows them")
    rules = process.current()
    pipeline = pipeline or rules.default_pipeline
    values = _columns({"type": type, "amount_minor": amount_minor, **fields})
    values |= {
        "customer_id": customer_id,
        "owner_id": owner_id or actor.id,
        "pipeline": pipeline,
        "stage": rules.stages(pipeline)[0].id,
        "currency": currency,
        "usd_rate_micros": rate,
        "stage_entered_at": clock.to_micros(now),
        "created_at": clock.to_micros(now),
        "created_on": clock.local_date(now, company_zone()).isoformat(),
        "created_by": actor.login,
    }
    with journal.action(actor, now, "deal.create", f"New deal for {row[0]}") as made:
        columns = ", ".join(values)
        marks = ", ".join("?" for _ in values)
        cursor = execute(f"INSERT INTO deal ({columns}) VALUES ({marks})", tuple(values.values()))
        deal_id = int(cursor.lastrowid or 0)
        made.summary = f"New deal {show_deal(deal_id)} for {row[0]}"
    return deal_id


def edit(
    actor: Actor,
    now: dt.datetime,
    deal_id: int,
    changes: Mapping[str, Any],
    *,
    version: int | None = None,
    seen: Mapping[str, Any] | None = None,
) -> None:
    """Change fields of a deal (names of `EDITABLE`).

    With `version`, a deal that changed since is refused, unless `seen` (the values from which the actor
    started) still stand in all fields that are edited.

    Raises:
        NotAllowedError: neither owner, team nor their manager.
        ChangedMeanwhileError: somebody else changed the same fields; `theirs` holds what stands now.
        RefusedError: the deal is closed, or an amount is typed over lines.
    """
    deal = get_detail(deal_id, now)
    require_work_on_deal(actor, deal_id, deal.owner_id)
    values = _columns(changes)
    if deal.outcome is not Outcome.OPEN:
        raise RefusedError(f"{show_deal(deal_id)} is {deal.outcome.replace('_', ' ')}: reopen it before changing it")
    if "typed_amount_minor" in values and deal.amount_from is not AmountFrom.TYPED:
        raise RefusedError(
            f"The amount of {show_deal(deal_id)} comes from {amount_source(deal)}: change that, not the typed amount"
        )
    if values:
        names = ", ".join(sorted(name.removesuffix("_minor").replace("_", " ") for name in changes))
        with journal.action(actor, now, "deal.edit", f"Changed {names} of {deal.customer}"):
            # Nobody writes any more from here on.
            _require_same(deal if version is None else get_detail(deal_id, now), changes, version, seen)
            settings = ", ".join(f"{column} = ?" for column in values)
            execute(f"UPDATE deal SET {settings} WHERE id = ?", (*values.values(), deal_id))


def amount_source(deal: DealDetail) -> str:
    """Say in words where a deal's amount comes from."""
    return {
        AmountFrom.QUOTE_ACCEPTED: f"{deal.amount_quote} (accepted)",
        AmountFrom.QUOTE_SENT: f"{deal.amount_quote} (latest sent)",
        AmountFrom.LINES: "its lines",
        AmountFrom.TYPED: "what was typed in",
    }[deal.amount_from]


def assign(actor: Actor, now: dt.datetime, deal_ids: Iterable[int], login: str, *, seen: str | None = None) -> None:
    """Hand deals over to another owner, all or none; `seen` is the login of the owner whom the actor saw.

    Raises:
        ChangedMeanwhileError: `seen` is given, and somebody else owns one by now.
        NotAllowedError: neither owner, manager nor operations.
        NotFoundError: no such user.
        RefusedError: the new owner signed the tech check of one under its present terms.
    """
    ids = list(deal_ids)
    if not ids:
        return
    for deal_id in ids:
        require_assign(actor, _owner_id(deal_id), show_deal(deal_id))
    new_owner = users.get_id(login)
    what = show_deal(ids[0]) if len(ids) == 1 else f"{len(ids)} deals"
    with journal.action(actor, now, "deal.assign", f"Handed {what} to {login}"):
        for deal_id in ids:
            if seen is not None:
                stands = {"owner": login_of(_owner_id(deal_id))}
                meanwhile.require_seen("deal", deal_id, f"the owner of {show_deal(deal_id)}", stands, {"owner": seen})
            execute("UPDATE deal SET owner_id = ? WHERE id = ? AND owner_id <> ?", (new_owner, deal_id, new_owner))


def _owner_id(deal_id: int) -> int:
    row = execute("SELECT owner_id FROM deal WHERE id = ?", (deal_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no deal {show_deal(deal_id)}; contoso deal list shows them")
    return int(row[0])


def _columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return database columns and values of edited fields.

    Raises:
        UsageError: an unknown field, or a value out of its range.
    """
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in EDITABLE:
            raise UsageError(f"A deal has no field {name!r} that can be set; there are {', '.join(EDITABLE)}")
        if name in _TEXTS:
            value = (value or "").strip()
        elif name == "category" and value not in CATEGORIES:
            raise UsageError(f"{value!r} is no category; there are {', '.join(CATEGORIES)}")
        elif name == "probability_percent" and value is not None and not 0 <= value <= 100:
            raise UsageError(f"A probability is from 0 to 100 percent, not {value}")
        elif name.endswith("_minor") and value is not None and not 0 <= value <= _MAX_MINOR:
            raise UsageError(f"An amount is from 0 to 10 trillion, not {value}")
        elif isinstance(value, dt.date):
            value = value.isoformat()
        elif isinstance(value, bool):
            value = int(value)
        values[EDITABLE[name]] = value
    return values


def _require_same(
    deal: DealDetail, changes: Mapping[str, Any], version: int | None, seen: Mapping[str, Any] | None
) -> None:
    if version is None or version == deal.version:
        return
    stands = {name: getattr(deal, "typed_amount_minor" if name == "amount_minor" else name) for name in changes}
    if seen is not None and all(seen.get(name) == value for name, value in stands.items()):
        return
    row = execute(
        "SELECT actor, at FROM journal WHERE table_name = 'deal' AND row_id = ? ORDER BY id DESC LIMIT 1", (deal.id,)
    ).fetchone()
    who = row[0] if row else "Somebody"
    raise ChangedMeanwhileError(
        f"{who} changed {show_deal(deal.id)} {deal.customer} meanwhile"
        f" (rev {deal.version}, you started from rev {version})",
        stands,
    )


def require_version(deal: DealDetail, version: int | None) -> None:
    """Check that the deal is still at the version that the actor saw, if they name one.

    Raises:
        ChangedMeanwhileError: it isn't.
    """
    _require_same(deal, {}, version, None)
