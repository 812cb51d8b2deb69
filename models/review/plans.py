"""What making one customer of two would do, before anybody decides; nothing here writes."""

from __future__ import annotations

from typing import Any

from models import money
from models.customers import profiles
from models.customers.records import Relation
from models.customers.relations import relate
from models.customers.survivorship import ADDRESS
from models.database import execute
from models.errors import NotFoundError
from models.ids import show_customer, show_enrolment
from models.merging import merges
from models.nurture import enrolments
from models.people import permissions
from models.people.records import Actor
from models.review.records import Conflict, Fill, MergePlan, Question
from models.words import counted

_FIELDS = ("name", "email", "phone", "birth_date", "gender", "address", "tier", "satisfaction", "occupation",
           "income_minor")  # fmt: skip
_COLUMNS = (
    "kind",
    "name",
    "owner_id",
    "merged_into_id",
    "origin",
    *(f for f in _FIELDS[1:] if f != "address"),
    *ADDRESS,
)
# What follows a customer, counted, with its words.
_COUNTED = (
    ("source record", "", "SELECT count(*) FROM source_record WHERE customer_id = ?"),
    ("open Deal", "", "SELECT count(*) FROM deal WHERE customer_id = ? AND outcome = 'open'"),
    ("closed Deal", "", "SELECT count(*) FROM deal WHERE customer_id = ? AND outcome <> 'open'"),
    ("person", "people", "SELECT count(*) FROM person WHERE account_id = ?"),
    ("activity", "activities", "SELECT count(*) FROM activity WHERE customer_id = ? AND state <> 'cancelled'"),
)


def plan(actor: Actor, left: int, right: int) -> MergePlan:
    """Return what a merge of two customers would do; values that the actor may not see are not told.

    Raises:
        NotFoundError: one of them does not exist, or was merged already.
    """
    kept_id, gone_id = merges.choose_kept(left, right)
    kept, gone = _read(kept_id), _read(gone_id)
    fills, conflicts = _differences(actor, kept, gone)
    return MergePlan(
        kept_id=kept_id,
        kept=kept["name"],
        gone_id=gone_id,
        gone=gone["name"],
        moves=tuple(_moves(gone_id)),
        fills=tuple(fills),
        conflicts=tuple(conflicts),
        questions=tuple(_questions(kept_id, kept, gone_id, gone)),
        refusal=_refusal(kept_id, kept, gone_id, gone),
    )


def _read(customer_id: int) -> dict[str, Any]:
    row = execute(f"SELECT {', '.join(_COLUMNS)} FROM customer WHERE id = ?", (customer_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no customer {show_customer(customer_id)}")
    found = dict(zip(_COLUMNS, row, strict=True))
    if found["merged_into_id"] is not None:
        raise NotFoundError(f"{show_customer(customer_id)} was merged into {show_customer(found['merged_into_id'])}")
    parts = tuple(found[part] for part in ADDRESS)
    return found | {"address": parts if any(parts) else ""}


def _refusal(kept_id: int, kept: dict[str, Any], gone_id: int, gone: dict[str, Any]) -> str:
    if kept["kind"] == gone["kind"]:
        return ""
    account, person = (
        (show_customer(one), found["name"])
        for one, found in sorted(((kept_id, kept), (gone_id, gone)), key=lambda pair: str(pair[1]["kind"]))
    )
    one, other = " ".join(account), " ".join(person)
    return f"{one} is a corporate account, {other} an individual: label one of them first"


def _moves(gone_id: int) -> list[str]:
    made = []
    for word, many, query in _COUNTED:
        count = execute(query, (gone_id,)).fetchone()[0]
        if count:
            made.append(counted(count, word, many))
    for source, word in (("onl", "online purchase"), ("pos", "store purchase")):
        count, amount = execute(
            "SELECT count(*), coalesce(sum(amount_minor), 0) FROM purchase WHERE customer_id = ? AND source = ?",
            (gone_id, source),
        ).fetchone()
        if count:
            made.append(f"{counted(count, word)} ({money.us_dollars(amount)})")
    points = execute("SELECT sum(points) FROM membership WHERE customer_id = ?", (gone_id,)).fetchone()[0]
    return [*made, f"{points:,} loyalty points"] if points is not None else made


def _differences(actor: Actor, kept: dict[str, Any], gone: dict[str, Any]) -> tuple[list[Fill], list[Conflict]]:
    may_see = all(permissions.may_see_private(actor, one["owner_id"]) for one in (kept, gone))
    fills, conflicts = [], []
    for field in _FIELDS:
        mine, theirs = kept[field], gone[field]
        if theirs in (None, "") or theirs == mine:
            continue
        hidden = profiles.HIDDEN if field in profiles.PRIVATE and not may_see else ""
        label, other = profiles.LABELS[field], hidden or profiles.as_text(field, theirs)
        if mine in (None, ""):
            fills.append(Fill(label, other))
        elif relate(field, mine, theirs) is not Relation.SAME:
            conflicts.append(Conflict(label, hidden or profiles.as_text(field, mine), other))
    return fills, conflicts


def _questions(kept_id: int, kept: dict[str, Any], gone_id: int, gone: dict[str, Any]) -> list[Question]:
    asked = []
    owners = {one["owner_id"] for one in (kept, gone)} - {None}
    if len(owners) > 1:
        logins = [permissions.login_of(one["owner_id"]) for one in (kept, gone)]
        asked.append(
            Question(
                "owner",
                f"{logins[0]} looks after {kept['name']}, {logins[1]} after {gone['name']}: who keeps the customer?",
                tuple((login, f"{login}, of {one['name']}") for login, one in zip(logins, (kept, gone), strict=True)),
            )
        )
    for theirs, mine in enrolments.list_clashes(gone_id, kept_id):
        shown = show_enrolment(mine), show_enrolment(theirs)
        asked.append(
            Question(
                "nurture",
                "Both are in the same nurture programme: which one goes on? The other ends as merged.",
                ((shown[0], f"{shown[0]}, of {kept['name']}"), (shown[1], f"{shown[1]}, of {gone['name']}")),
            )
        )
    return asked
