"""Completing a stage's questionnaire: the score, and the one stage that it may move a deal on (rules 7)."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from models import clock, journal, money, process
from models.assessments import forms, reading, scoring
from models.assessments.records import Outcome, Questionnaire, Score
from models.database import execute
from models.deals import deals, gates, stages
from models.deals import records as deal_records
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from models.deals.records import Stage
from models.errors import Blocker, RefusedError, UsageError
from models.ids import show_deal
from models.people.permissions import require_work_on_deal
from models.people.records import Actor

PATH = "assessment"
"""The path by which a score moves a deal, as the history names it."""
_MAX_NOTE = 4000


class _Verdict(NamedTuple):
    """What a score does to a deal."""

    result: str
    target: Stage | None
    missing: list[Blocker]


def complete(
    actor: Actor,
    now: dt.datetime,
    deal_id: int,
    form_id: int,
    choices: Mapping[str, int],
    *,
    note: str = "",
    submission: str = "",
    entered_stage: int | None = None,
) -> Outcome:
    """Keep the answers to a questionnaire, score them, and move the deal by one stage where the rule holds.

    `choices` maps question ids to the place of the answer. `submission` names one filling-in: sent again it counts
    once. With `entered_stage` (when the deal came to its stage, microseconds) a deal that moved since is only scored.

    Raises:
        NotAllowedError: neither the owner, the team nor their manager.
        RefusedError: the deal is closed, of another pipeline, or `submission` was other answers.
        UsageError: a question is open, or an answer is none of the questionnaire's.
    """
    deal = get_detail(deal_id, now)
    require_work_on_deal(actor, deal_id, deal.owner_id)
    form = forms.get(form_id)
    scored = scoring.score(form, choices)
    known = _sent_before(deal_id, form, choices, submission) if submission else None
    if known is not None:
        return known
    if deal.outcome is not deal_records.Outcome.OPEN:
        raise RefusedError(f"{show_deal(deal_id)} is {deal.outcome.replace('_', ' ')}: reopen it before assessing it")
    if form.pipeline != deal.pipeline:
        raise RefusedError(f"The questionnaire is of the pipeline {form.pipeline}, {show_deal(deal_id)} is not")
    if scored.open:
        raise UsageError(f"Not complete: answer {scoring.numbers(form, scored.open)} too; nothing was recorded")
    if len(note) > _MAX_NOTE:
        raise UsageError(f"A note has at most {_MAX_NOTE:,} characters, not {len(note):,}")
    acting = actor._replace(path=PATH)
    with journal.action(acting, now, "assessment.complete", f"Assessed {deal.customer}") as made:
        _fill_blanks(acting, now, deal, form, choices)
        deal = get_detail(deal_id, now)
        verdict = _judge(deal, form, scored, is_elsewhere=_is_elsewhere(deal, form, entered_stage))
        waits_for = ", ".join(short(verdict.missing))
        cursor = execute(
            "INSERT INTO assessment (deal_id, questionnaire_id, submission, answers, score, is_held, result, waits_for,"
            " note, entered_at, entered_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                deal_id,
                form.id,
                submission or str(uuid.uuid4()),
                json.dumps(dict(choices), sort_keys=True),
                scored.points,
                scored.is_held,
                verdict.result,
                waits_for,
                note.strip(),
                clock.to_micros(now),
                actor.login,
            ),
        )
        if verdict.result == "moved":
            stages.forward(acting, now, deal_id)
        found = reading.get(int(cursor.lastrowid or 0))
        made.summary = f"{deal.customer}: {say(found, form, verdict.target)}"
    return Outcome(found, made.summary, True)


def say(found: Any, form: Questionnaire, target: Stage | None) -> str:
    """Say what an assessment came to."""
    scored = f"scored {found.score}"
    if found.result == "moved":
        return f"{scored}, moved to {target.name if target else ''}"
    if found.result == "waits":
        return f"{scored}, promotion waits for: {found.waits_for}"
    if found.result == "proposed":
        return f"{scored}, it can be won (w)" if target is None else f"{scored}, it can move to {target.name} (>)"
    if found.result == "knocked_out":
        named = ", ".join(given.question for given in found.given if given.is_knock_out)
        return f"{scored}, stays in {found.stage_name}: {named}"
    if found.result == "elsewhere":
        return f"{scored} for {found.stage_name}; the deal has moved since, nothing else was changed"
    lower = f"; {found.flag}" if found.flag else ""
    return f"{scored}, stays in {found.stage_name}: the rule is {form.rule}{lower}"


def _judge(deal: DealDetail, form: Questionnaire, scored: Score, *, is_elsewhere: bool) -> _Verdict:
    if is_elsewhere:
        return _Verdict("elsewhere", None, [])
    if scored.knock_outs:
        return _Verdict("knocked_out", None, [])
    if not scored.is_held:
        return _Verdict("below", None, [])
    rules = process.current()
    target = gates.next_stage(deal, rules)
    judged = deal._replace(assessed=deal.assessed | {deal.stage.id})
    missing = gates.blockers(judged, target.id if target is not None else gates.WON, rules)
    if missing:
        return _Verdict("waits", target, missing)
    # Winning is only proposed: it has a dialog of its own.
    return _Verdict("proposed" if target is None or form.is_proposing else "moved", target, [])


def _is_elsewhere(deal: DealDetail, form: Questionnaire, entered_stage: int | None) -> bool:
    has_moved = entered_stage is not None and entered_stage != clock.to_micros(deal.stage_entered_at)
    return deal.stage.id != form.stage or has_moved


def short(missing: Sequence[Blocker]) -> tuple[str, ...]:
    """Name what is missing in a word or two each: "tech check"."""
    names = (blocker.field.removesuffix("_minor").replace("_", " ") for blocker in missing)
    return tuple(dict.fromkeys({"quotes": "open quotes", "walkthrough": "walk-through"}.get(n, n) for n in names))


def _fill_blanks(
    actor: Actor, now: dt.datetime, deal: DealDetail, form: Questionnaire, choices: Mapping[str, int]
) -> None:
    """Put answers into the fields that the questionnaire names, where these are blank (rules 7)."""
    changes: dict[str, Any] = {}
    for question in form.questions:
        value = question.answers[choices[question.id]].value if question.field else ""
        name = "budget_minor" if question.field == "budget" else question.field
        if not value or getattr(deal, name) not in (None, ""):
            continue
        changes[name] = money.parse_minor(value, deal.currency) if name == "budget_minor" else value
    if changes:
        deals.edit(actor, now, deal.id, changes)


def _sent_before(deal_id: int, form: Questionnaire, choices: Mapping[str, int], submission: str) -> Outcome | None:
    row = execute(
        "SELECT id, deal_id, questionnaire_id, answers FROM assessment WHERE submission = ?", (submission,)
    ).fetchone()
    if row is None:
        return None
    if (row[1], row[2]) != (deal_id, form.id) or json.loads(row[3]) != dict(choices):
        raise RefusedError(
            f"These answers to {show_deal(row[1])} were counted before as others: export the questionnaire again"
        )
    found = reading.get(row[0])
    return Outcome(found, f"Counted before: {show_deal(deal_id)} scored {found.score}", False)
