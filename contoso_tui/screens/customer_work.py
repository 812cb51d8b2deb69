"""What actions on several customers need to read first, and changes that join functions of models."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models import ids, journal
from models.customers import customers, listing, people
from models.customers.records import CustomerRow, Person
from models.errors import NotAllowedError
from models.nurture import enrolments, views
from models.nurture.records import DayLoad, EnrolmentDetail, EnrolmentPreview
from models.people import permissions, users
from models.people.records import Actor

_NAMED = 6


@dataclass(frozen=True, slots=True)
class HandOver:
    """Which customers the actor may hand to somebody, and why not the others."""

    login: str
    can: tuple[CustomerRow, ...]
    cannot: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return counts and reasons in words."""
        owners = Counter(row.owner or "nobody" for row in self.can)
        counts = ", ".join(f"{count} of {owner}" for owner, count in owners.most_common(_NAMED))
        lines = [f"{len(self.can)} can be handed to {self.login}" + (f": {counts}" if counts else "")]
        if self.cannot:
            lines.append(f"{len(self.cannot)} cannot:")
            lines += [f"x {reason}" for reason in self.cannot[:_NAMED]]
            lines += [f"and {len(self.cannot) - _NAMED} more"] if len(self.cannot) > _NAMED else []
        return [*lines, "Open nurture steps go along. u takes it back."]


def read_hand_over(actor: Actor, customer_ids: Sequence[int], login: str) -> HandOver:
    """Judge each customer as `customers.assign` would."""
    new_owner = users.get_id(login)
    can: list[CustomerRow] = []
    cannot: list[str] = []
    for row in listing.list_rows(customer_ids):
        try:
            if row.owner_id is not None or new_owner != actor.id:
                permissions.require_assign(actor, row.owner_id, f"{ids.show_customer(row.id)} {row.name}")
        except NotAllowedError as error:
            cannot.append(error.message)
        else:
            can.append(row)
    return HandOver(login, tuple(can), tuple(cannot))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What starting nurture would do."""

    previews: tuple[EnrolmentPreview, ...]
    loads: tuple[DayLoad, ...]


def read_enrolment(actor: Actor, now: dt.datetime, customer_ids: Sequence[int]) -> Enrolment:
    """Return dates, refusals and the load of each day."""
    found = enrolments.preview(actor, now, customer_ids)
    return Enrolment(tuple(found), tuple(enrolments.load(found)))


def read_back_to_individual(customer_ids: Sequence[int], now: dt.datetime) -> list[str]:
    """Return in words what taking the corporate label back does to each account."""
    lines: list[str] = []
    for row in listing.list_rows(customer_ids):
        if row.kind != "corporate":
            continue
        first: Person | None = next(iter(people.list_people(row.id)), None)
        lines.append(f"{row.name} becomes an individual" + (f", called {first.name} again." if first else "."))
        running = enrolments.find_active(row.id)
        if running is not None:
            lines.append(f"! {_ends(views.get(running, now))}")
    return lines


def _ends(found: EnrolmentDetail) -> str:
    place = f"step {found.position} of {len(found.steps)}" if found.position else found.state
    return f"Nurture ends: {ids.show_enrolment(found.id)}, {place}, its steps to come are cancelled."


def create_customer(actor: Actor, now: dt.datetime, values: dict[str, Any]) -> int:
    """Make a customer of what a form asked and return its id."""
    return customers.create(actor, now, **{name: value for name, value in values.items() if value is not None})


def add_person(actor: Actor, now: dt.datetime, account_id: int, entered: dict[str, Any]) -> int:
    """Add a person to an account as one action; return their id."""
    texts = {name: value for name, value in entered.items() if name != "do_not_contact"}
    account = customers.get_row(account_id)
    with journal.action(actor, now, "person.add", f"Added {texts['name']} to {account.name}"):
        person_id = people.add(actor, now, account_id, **texts)
        if entered["do_not_contact"]:
            people.change(actor, now, person_id, {"do_not_contact": True})
        return person_id
