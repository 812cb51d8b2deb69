"""Reading completed questionnaires, newest first, and what flags them."""

from __future__ import annotations

import json
from typing import Any

from models import clock
from models.assessments import forms
from models.assessments.records import Assessment, Given
from models.database import execute
from models.errors import NotFoundError

_SELECT = (
    "SELECT a.id, a.deal_id, a.questionnaire_id, coalesce(s.name, q.stage), a.answers, a.score, a.is_held, a.result,"
    " a.waits_for, a.note, a.entered_at, a.entered_by,"
    " (SELECT max(o.score) FROM assessment o JOIN questionnaire p ON p.id = o.questionnaire_id"
    "  WHERE o.deal_id = a.deal_id AND p.stage = q.stage AND o.id < a.id)"
    " FROM assessment a JOIN questionnaire q ON q.id = a.questionnaire_id"
    " LEFT JOIN stage s ON s.pipeline = q.pipeline AND s.id = q.stage"
)


def get(assessment_id: int) -> Assessment:
    """Return one assessment.

    Raises:
        NotFoundError: there is none.
    """
    row = execute(f"{_SELECT} WHERE a.id = ?", (assessment_id,)).fetchone()
    if row is None:
        raise NotFoundError("There is no such assessment")
    return _read(row)


def list_for_deal(deal_id: int) -> list[Assessment]:
    """Return all that was answered for a deal, newest first."""
    return [_read(row) for row in execute(f"{_SELECT} WHERE a.deal_id = ? ORDER BY a.id DESC", (deal_id,)).fetchall()]


def find_last(deal_id: int, stage: str) -> Assessment | None:
    """Return the newest assessment of a deal for a stage."""
    row = execute(f"{_SELECT} WHERE a.deal_id = ? AND q.stage = ? ORDER BY a.id DESC LIMIT 1", (deal_id, stage))
    found = row.fetchone()
    return _read(found) if found else None


def _read(row: tuple[Any, ...]) -> Assessment:
    (found_id, deal_id, form_id, stage_name, answers, score, is_held, result, waits_for, note, at, by, before) = row
    form = forms.get(form_id)
    choices: dict[str, int] = json.loads(answers)
    given = []
    for question in form.questions:
        answer = question.answers[choices[question.id]]
        given.append(Given(question.text, answer.text, answer.points, question.most, answer.is_knock_out))
    return Assessment(
        id=found_id,
        deal_id=deal_id,
        stage=form.stage,
        stage_name=stage_name,
        version=form.version,
        rule=form.rule,
        score=score,
        most=form.most,
        is_held=bool(is_held),
        result=result,
        waits_for=waits_for,
        note=note,
        entered_at=clock.from_micros(at),
        entered_by=by,
        given=tuple(given),
        choices=choices,
        flag=f"lower than before ({before})" if before is not None and score < before else "",
    )
