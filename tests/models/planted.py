"""Deals with a history, planted by the hundred in a few transactions: a month from being opened to their end."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from models import clock, journal
from models.assessments import forms, scoring
from models.database import execute
from models.people.records import Actor

START = dt.datetime(2026, 9, 1, 17, 0, tzinfo=dt.UTC)
# Days after the start; a closed deal is looked at on the days 5, 15 and 25.
DEVELOP, QUOTE, END = 10, 20, 30
DURING_QUOTE = START + dt.timedelta(days=25)


class Plan(NamedTuple):
    """One deal: how it ended ("" for still open, in Quote), and what was done on it."""

    outcome: str
    done: tuple[tuple[int, str], ...] = ()
    """Activities: on which day, by which channel."""
    answers: Mapping[str, Mapping[str, int]] = {}
    """Stage to the places of the answers that aren't the first of their questions."""
    name: str = "Oak Terrace"
    has_step: bool = False


def plant(actor: Actor, plans: Sequence[Plan]) -> list[int]:
    """Put deals into the database as their plans say, in the owner's name; return their ids."""
    with journal.action(actor, START, "test.plant", "Opened deals"):
        ids = [_open(actor, plan) for plan in plans]
    for day, stage in ((DEVELOP, "develop"), (QUOTE, "quote")):
        _change(actor, day, ids, "stage = ?, stage_entered_at = ?", stage)
    for outcome in ("won", "lost"):
        ended = [deal_id for deal_id, plan in zip(ids, plans, strict=True) if plan.outcome == outcome]
        _change(actor, END, ended, "outcome = ?, closed_at = ?", outcome)
    return ids


def _open(actor: Actor, plan: Plan) -> int:
    at = clock.to_micros(START)
    customer_id = _insert("customer", kind="corporate", name=plan.name, owner_id=actor.id, created_at=at)
    deal_id = _insert(
        "deal",
        customer_id=customer_id,
        owner_id=actor.id,
        pipeline="sales",
        stage="qualify",
        typed_amount_minor=500_000,
        stage_entered_at=at,
        created_at=at,
        created_on=START.date().isoformat(),
        created_by=actor.login,
    )
    kept = {"customer_id": customer_id, "deal_id": deal_id, "owner_id": actor.id, "created_at": at}
    for day, channel in plan.done:
        done_at = clock.to_micros(START + dt.timedelta(days=day))
        _insert("activity", **kept, channel=channel, state="done", done_at=done_at, created_by=actor.login)
    if plan.has_step:
        due_on = (START.date() + dt.timedelta(days=END)).isoformat()
        _insert(
            "activity",
            **kept,
            channel="call",
            state="planned",
            subject="Call",
            is_next_step=1,
            due_on=due_on,
            created_by=actor.login,
        )
    for stage, other in plan.answers.items():
        _assess(actor, deal_id, stage, other)
    return deal_id


def _assess(actor: Actor, deal_id: int, stage: str, other: Mapping[str, int]) -> None:
    form = forms.find("sales", stage)
    assert form is not None
    choices = {question.id: 0 for question in form.questions} | dict(other)
    scored = scoring.score(form, choices)
    result = "moved" if scored.is_held else "knocked_out" if scored.knock_outs else "below"
    _insert(
        "assessment",
        deal_id=deal_id,
        questionnaire_id=form.id,
        submission=str(uuid.uuid4()),
        answers=json.dumps(choices),
        score=scored.points,
        is_held=int(scored.is_held),
        result=result,
        entered_at=clock.to_micros(START + dt.timedelta(days=1)),
        entered_by=actor.login,
    )


def _change(actor: Actor, day: int, ids: Sequence[int], settings: str, value: str) -> None:
    at = START + dt.timedelta(days=day)
    with journal.action(actor, at, "test.plant", "Changed deals"):
        execute(
            f"UPDATE deal SET {settings} WHERE id IN (SELECT value FROM json_each(?))",
            (value, clock.to_micros(at), json.dumps(list(ids))),
        )


def _insert(table: str, **row: Any) -> int:
    cursor = execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})", tuple(row.values())
    )
    return int(cursor.lastrowid or 0)
