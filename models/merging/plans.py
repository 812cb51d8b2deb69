"""What making one customer of two would do, before anybody decides; nothing here writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from models import money
from models.customers import access, profiles
from models.customers.records import Relation
from models.customers.relations import relate
from models.customers.survivorship import ADDRESS
from models.database import execute
from models.errors import NotFoundError, RefusedError
from models.ids import enrolment_id, show_customer, show_deal, show_enrolment
from models.merging import merges, tech_checks
from models.merging.records import Change, Conflict, MergePlan, Moved, Question
from models.nurture import enrolments
from models.people import permissions
from models.people.records import Actor
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
    ("order", "", "SELECT count(*) FROM sales_order WHERE customer_id = ?"),
    ("invoice", "", "SELECT count(*) FROM invoice WHERE customer_id = ?"),
)


def plan(actor: Actor, left: int, right: int) -> MergePlan:
    """Return what a merge of two customers would do, the one with more records staying.

    Two records of one customer stay there: the question is whether one of them is somebody else's.

    Values that the actor may not see are not told.

    Raises:
        NotFoundError: one of them does not exist, or was merged already.
    """
    if left == right:
        name = _read(left)["name"]
        stays = f"Both rows stay with {show_customer(left)} {name}; else the changed one is taken off"
        return MergePlan(left, name, left, name, (), (), (), (), stays)
    return _plan(actor, *merges.choose_kept(left, right))


def foresee(actor: Actor, kept_id: int, gone_id: int) -> MergePlan:
    """Return what merging one customer into another would do, if the actor may and it can be done.

    Raises:
        NotAllowedError, NotFoundError, RefusedError: as `merges.merge`.
    """
    merges.require(actor, access.get(kept_id), access.get(gone_id))
    return _plan(actor, kept_id, gone_id)


def carry_out(actor: Actor, now: dt.datetime, chosen: MergePlan, answers: Mapping[str, str]) -> None:
    """Merge as planned, with an answer for each question's name.

    Raises:
        RefusedError: a question is open; it names the answers.
        As `merges.merge`.
    """
    if chosen.refusal:
        raise RefusedError(chosen.refusal)
    for question in chosen.questions:
        if answers.get(question.name) not in {answer for answer, _ in question.choices}:
            given = " or ".join(f"--{question.name} {answer}" for answer, _ in question.choices)
            raise RefusedError(f"{question.text} {given}")
    asked = {question.name: answers[question.name] for question in chosen.questions}
    merges.merge(
        actor,
        now,
        chosen.kept_id,
        chosen.gone_id,
        owner=asked.get("owner"),
        going_on=[enrolment_id(answer) for name, answer in asked.items() if name.startswith("nurture")],
        checks=asked.get("checks"),
    )


def _plan(actor: Actor, kept_id: int, gone_id: int) -> MergePlan:
    kept, gone = _read(kept_id), _read(gone_id)
    refusal = _refusal(kept_id, kept, gone_id, gone)
    changes, conflicts = ([], []) if refusal else _differences(actor, kept, gone, merges.values_after(kept_id, gone_id))
    return MergePlan(
        kept_id=kept_id,
        kept=kept["name"],
        gone_id=gone_id,
        gone=gone["name"],
        moves=tuple(_moves(gone_id)),
        changes=tuple(changes),
        conflicts=tuple(conflicts),
        questions=tuple(_questions(actor, kept_id, kept, gone_id, gone)),
        refusal=refusal,
    )


def _read(customer_id: int) -> dict[str, Any]:
    row = execute(f"SELECT {', '.join(_COLUMNS)} FROM customer WHERE id = ?", (customer_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no customer {show_customer(customer_id)}")
    found = dict(zip(_COLUMNS, row, strict=True))
    if found["merged_into_id"] is not None:
        raise NotFoundError(f"{show_customer(customer_id)} was merged into {show_customer(found['merged_into_id'])}")
    return _with_address(found)


def _with_address(found: dict[str, Any]) -> dict[str, Any]:
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


def _moves(gone_id: int) -> list[Moved]:
    made = []
    for word, many, query in _COUNTED:
        count = execute(query, (gone_id,)).fetchone()[0]
        if count:
            made.append(Moved(word, count, counted(count, word, many)))
    for source, word in (("onl", "online purchase"), ("pos", "store purchase")):
        count, amount = execute(
            "SELECT count(*), coalesce(sum(amount_minor), 0) FROM purchase WHERE customer_id = ? AND source = ?",
            (gone_id, source),
        ).fetchone()
        if count:
            made.append(Moved(word, count, f"{counted(count, word)} ({money.us_dollars(amount)})"))
    points = execute("SELECT sum(points) FROM membership WHERE customer_id = ?", (gone_id,)).fetchone()[0]
    return [*made, Moved("loyalty point", points, f"{points:,} loyalty points")] if points is not None else made


def _differences(
    actor: Actor, kept: dict[str, Any], gone: dict[str, Any], after: dict[str, Any]
) -> tuple[list[Change], list[Conflict]]:
    may_see = all(permissions.may_see_private(actor, one["owner_id"]) for one in (kept, gone))
    after = _with_address(after)
    changes, conflicts = [], []
    for field in _FIELDS:
        mine, theirs, then = kept[field], gone[field], after[field]
        hidden = profiles.HIDDEN if field in profiles.PRIVATE and not may_see else ""
        label = profiles.LABELS[field]

        def shown(value: Any, field: str = field, hidden: str = hidden) -> str:
            return "" if value in (None, "") else hidden or profiles.as_text(field, value)

        if then not in (None, "") and then != mine:
            changes.append(Change(field, label, shown(mine), shown(then)))
        elif theirs not in (None, "", mine) and relate(field, mine, theirs) is not Relation.SAME:
            conflicts.append(Conflict(label, shown(mine), shown(theirs)))
    return changes, conflicts


def _questions(actor: Actor, kept_id: int, kept: dict[str, Any], gone_id: int, gone: dict[str, Any]) -> list[Question]:
    asked = []
    owners = {one["owner_id"] for one in (kept, gone)} - {None}
    if len(owners) > 1:
        logins = [permissions.login_of(one["owner_id"]) for one in (kept, gone)]
        asked.append(
            Question(
                "owner",
                f"{logins[0]} looks after {kept['name']}, {logins[1]} after {gone['name']}: who keeps the customer?",
                tuple((login, login) for login in logins),
            )
        )
    for number, (theirs, mine) in enumerate(enrolments.list_clashes(gone_id, kept_id), 1):
        shown = show_enrolment(mine), show_enrolment(theirs)
        asked.append(
            Question(
                "nurture" if number == 1 else f"nurture{number}",
                f"Both are in the same nurture programme, {kept['name']} in {shown[0]}, {gone['name']} in {shown[1]}:"
                " which one goes on? The other ends as merged.",
                tuple((one, one) for one in shown),
            )
        )
    return [*asked, *_checks(actor, kept_id, gone_id)]


def _checks(actor: Actor, kept_id: int, gone_id: int) -> list[Question]:
    mine, theirs = tech_checks.list_waiting(kept_id), tech_checks.list_waiting(gone_id)
    choices = tech_checks.list_choices(actor, mine, theirs)
    if not choices:
        return []
    told = ", ".join(f"{show_deal(one.deal_id)} for {one.login}'s" for one in (*mine, *theirs))
    words = {tech_checks.EACH: "each as asked"}
    return [
        Question(
            "checks",
            f"Two tech checks wait, {told}: who does them?",
            tuple((choice, words.get(choice, f"{choice}, all of them")) for choice in choices),
        )
    ]
