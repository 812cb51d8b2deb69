"""The buying centre: who decides, pays, evaluates, influences, uses or blocks on the customer's side (rules 5.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from models import clock, journal, meanwhile
from models.database import execute
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from models.errors import NotFoundError, RefusedError, UsageError
from models.ids import show_customer, show_deal
from models.people.permissions import require_work_on_deal
from models.people.records import Actor

ROLES = {
    "decision_maker": "decides",
    "economic_buyer": "pays",
    "technical_evaluator": "evaluates",
    "influencer": "influences",
    "user": "uses",
    "blocker": "blocks",
}
"""Role to the verb that is shown, in the order in which people are listed."""
ATTITUDES = {1: "+", 0: "0", -1: "-"}
INFLUENCES = (1, 2, 3)
_MAX_NAME = 200
_CHANGEABLE = ("role", "influence", "attitude", "influences")


class DealPerson(NamedTuple):
    """One person on a deal; `influences_id` names the row of whom they influence."""

    id: int
    deal_id: int
    person_id: int | None
    name: str
    position: str
    role: str
    influence: int
    attitude: int
    influences_id: int | None
    last_touch: dt.datetime | None
    """When somebody last talked with them on this deal, by the activities that name them."""


class Branch(NamedTuple):
    """One line of the picture: who influences whom, `prefix` drawn before the name."""

    prefix: str
    person: DealPerson
    is_again: bool
    """Whether the person stands above already: they influence each other in a circle."""


def list_people(deal_id: int) -> tuple[DealPerson, ...]:
    """Return the people of a deal: who decides first, then by influence and name."""
    rows = execute(
        "SELECT b.id, b.deal_id, b.person_id, coalesce(p.name, b.name), coalesce(p.position, ''), b.role, b.influence,"
        " b.attitude, b.influences_id, (SELECT max(a.done_at) FROM activity a WHERE a.deal_id = b.deal_id"
        "  AND a.state = 'done' AND a.who = coalesce(p.name, b.name) COLLATE NOCASE)"
        " FROM deal_person b LEFT JOIN person p ON p.id = b.person_id WHERE b.deal_id = ? ORDER BY b.id",
        (deal_id,),
    ).fetchall()
    found = [DealPerson._make((*row[:9], None if row[9] is None else clock.from_micros(row[9]))) for row in rows]
    order = list(ROLES)
    return tuple(sorted(found, key=lambda one: (order.index(one.role), -one.influence, one.name.casefold(), one.id)))


def list_candidates(deal_id: int, now: dt.datetime) -> tuple[str, ...]:
    """Return who could be put on the deal: the account's people, or the individual, without those who are on it."""
    deal = get_detail(deal_id, now)
    there = {one.name.casefold() for one in list_people(deal_id)}
    return tuple(name for _, name in _known(deal) if name.casefold() not in there)


def find(deal_id: int, name: str) -> DealPerson:
    """Return the person of a deal who is called so, in full or by the only part that fits.

    Raises:
        NotFoundError: nobody is.
        UsageError: several are.
    """
    people = list_people(deal_id)
    wanted = name.strip().casefold()
    same = [one for one in people if one.name.casefold() == wanted]
    near = same or [one for one in people if wanted and wanted in one.name.casefold()]
    if not near:
        names = ", ".join(one.name for one in people) or "nobody yet"
        raise NotFoundError(f"Nobody on {show_deal(deal_id)} is called {name.strip()!r}; there are {names}")
    if len(near) > 1:
        raise UsageError(f"{name.strip()!r} may be {', '.join(one.name for one in near)}: write more of the name")
    return near[0]


def add(
    actor: Actor,
    now: dt.datetime,
    deal_id: int,
    name: str,
    role: str,
    *,
    influence: int = 2,
    attitude: int = 0,
    influences: str = "",
) -> int:
    """Put a person on a deal and return their row's id: of an account one of its people, else anybody by name.

    Raises:
        NotAllowedError: neither the owner, the team nor their manager.
        NotFoundError: the account has no such person, or whom they influence isn't on the deal.
        RefusedError: they are on the deal already.
        UsageError: a value that can't be.
    """
    deal = get_detail(deal_id, now)
    require_work_on_deal(actor, deal_id, deal.owner_id)
    person_id, full_name = _resolve(deal, name)
    if any(one.name.casefold() == full_name.casefold() for one in list_people(deal_id)):
        raise RefusedError(f"{full_name} is on {show_deal(deal_id)} already: change their role instead")
    values = _values(deal_id, {"role": role, "influence": influence, "attitude": attitude, "influences": influences})
    columns = {"deal_id": deal_id, "person_id": person_id, "name": full_name, **values}
    with journal.action(actor, now, "deal.people", f"Put {full_name} on {show_deal(deal_id)}: {ROLES[role]}"):
        cursor = execute(
            f"INSERT INTO deal_person ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})",
            tuple(columns.values()),
        )
    return int(cursor.lastrowid or 0)


def change(
    actor: Actor,
    now: dt.datetime,
    row_id: int,
    changes: Mapping[str, Any],
    *,
    seen: Mapping[str, Any] | None = None,
) -> None:
    """Change role, influence, attitude or whom they influence ("influences": a name on the deal, "" for nobody).

    Raises:
        ChangedMeanwhileError: `seen`, what the actor saw in the fields, is given and no longer stands.
        NotAllowedError: neither the owner, the team nor their manager.
        UsageError: an unknown field, or a value that can't be.
    """
    present, deal = _get(actor, now, row_id)
    values = _values(deal.id, changes)
    if values.get("influences_id") == row_id:
        raise UsageError(f"{present.name} can't influence themselves")
    if values:
        with journal.action(actor, now, "deal.people", f"Changed {present.name} on {show_deal(deal.id)}"):
            stands = {name: value for name, value in standing(_get(actor, now, row_id)[0]).items() if name in changes}
            meanwhile.require_seen("deal_person", row_id, f"{present.name} on {show_deal(deal.id)}", stands, seen)
            settings = ", ".join(f"{column} = ?" for column in values)
            execute(f"UPDATE deal_person SET {settings} WHERE id = ?", (*values.values(), row_id))


def standing(person: DealPerson) -> dict[str, Any]:
    """Return what `change` takes, as it stands; whom they influence by name, "" for nobody."""
    others = {one.id: one.name for one in list_people(person.deal_id)}
    return {
        "role": person.role,
        "influence": person.influence,
        "attitude": person.attitude,
        "influences": others.get(person.influences_id or 0, ""),
    }


def remove(actor: Actor, now: dt.datetime, row_id: int) -> None:
    """Take a person off a deal; who influenced them influences nobody then.

    Raises:
        NotAllowedError: neither the owner, the team nor their manager.
    """
    present, deal = _get(actor, now, row_id)
    with journal.action(actor, now, "deal.people", f"Took {present.name} off {show_deal(deal.id)}"):
        execute("UPDATE deal_person SET influences_id = NULL WHERE influences_id = ?", (row_id,))
        execute("DELETE FROM deal_person WHERE id = ?", (row_id,))


def picture(people: Sequence[DealPerson]) -> list[Branch]:
    """Return who influences whom as a tree: below each person those who influence them. Pure."""
    ids = {one.id for one in people}
    below: dict[int, list[DealPerson]] = {}
    for one in people:
        if one.influences_id in ids and one.influences_id is not None:
            below.setdefault(one.influences_id, []).append(one)
    found: list[Branch] = []
    seen: set[int] = set()

    def draw(person: DealPerson, prefix: str, indent: str) -> None:
        found.append(Branch(prefix, person, person.id in seen))
        if person.id in seen:
            return
        seen.add(person.id)
        others = below.get(person.id, [])
        for place, other in enumerate(others):
            is_last = place == len(others) - 1
            draw(other, f"{indent}{'└' if is_last else '├'}─ ", f"{indent}{'   ' if is_last else '│  '}")

    for one in people:
        if one.influences_id not in ids:
            draw(one, "", "")
    # Who is left influences each other in a circle: it is entered at whoever is listed first.
    for one in people:
        if one.id not in seen:
            draw(one, "", "")
    return found


def _known(deal: DealDetail) -> list[tuple[int | None, str]]:
    if not deal.is_corporate:
        return [(None, deal.customer)]
    rows = execute(
        "SELECT id, name FROM person WHERE account_id = ? ORDER BY is_primary DESC, name COLLATE NOCASE, id",
        (deal.customer_id,),
    )
    return [(row[0], row[1]) for row in rows.fetchall()]


def _resolve(deal: DealDetail, name: str) -> tuple[int | None, str]:
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > _MAX_NAME:
        raise UsageError(f"A person on a deal needs a name of at most {_MAX_NAME} characters")
    known = _known(deal)
    same = [one for one in known if one[1].casefold() == wanted.casefold()]
    near = same or [one for one in known if wanted.casefold() in one[1].casefold()]
    if len(near) == 1:
        return near[0]
    if len(near) > 1:
        raise UsageError(f"{wanted!r} may be {', '.join(name for _, name in near)}: write more of the name")
    if not deal.is_corporate:
        # A household has others who decide; they have no record of their own.
        return None, wanted
    names = ", ".join(name for _, name in known) or "nobody yet"
    raise NotFoundError(
        f"Nobody at {deal.customer} is called {wanted!r}; there are {names}. Add them to"
        f" {show_customer(deal.customer_id)} first"
    )


def _values(deal_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in _CHANGEABLE:
            raise UsageError(f"A person on a deal has no field {name!r}; there are {', '.join(_CHANGEABLE)}")
        if name == "role" and value not in ROLES:
            raise UsageError(f"{value!r} is no role; there are {', '.join(ROLES)}")
        if name == "influence" and value not in INFLUENCES:
            raise UsageError(f"Influence is 1, 2 or 3, not {value}")
        if name == "attitude" and value not in ATTITUDES:
            raise UsageError(f"An attitude is 1 (for us), 0 or -1 (against), not {value}")
        if name == "influences":
            values["influences_id"] = find(deal_id, value).id if value else None
        else:
            values[name] = value
    return values


def _get(actor: Actor, now: dt.datetime, row_id: int) -> tuple[DealPerson, DealDetail]:
    row = execute("SELECT deal_id FROM deal_person WHERE id = ?", (row_id,)).fetchone()
    if row is None:
        raise NotFoundError("That person is no longer on the deal")
    deal = get_detail(row[0], now)
    require_work_on_deal(actor, deal.id, deal.owner_id)
    return next(one for one in list_people(deal.id) if one.id == row_id), deal
