"""Questionnaires as they were put in force: each change is a new version, and answers stay with theirs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from models import process
from models.assessments.records import Answer, Question, Questionnaire
from models.database import execute
from models.errors import NotFoundError, RefusedError
from models.process_fields import ASSESSMENT_RULE

_COLUMNS = "id, pipeline, stage, version, op, threshold, content"


def put(raw: Mapping[str, Any]) -> None:
    """Keep the questionnaires of a process file that differ from their last version; call it inside an action."""
    first = raw["pipeline"][0]["id"]
    for form in raw.get("assessment", ()):
        pipeline = form.get("pipeline", first)
        rule = ASSESSMENT_RULE.fullmatch(form["rule"].strip())
        if rule is None:
            raise RefusedError(f"{form['rule']!r} is no rule of an assessment")
        content = {"result": form.get("result", "move"), "question": form["question"]}
        kept = (rule[1], int(rule[2]), json.dumps(content, sort_keys=True))
        row = execute(
            "SELECT version, op, threshold, content FROM questionnaire WHERE pipeline = ? AND stage = ?"
            " ORDER BY version DESC LIMIT 1",
            (pipeline, form["stage"]),
        ).fetchone()
        if row is None or row[1:] != kept:
            execute(
                "INSERT INTO questionnaire (pipeline, stage, version, op, threshold, content)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (pipeline, form["stage"], (row[0] if row else 0) + 1, *kept),
            )


def get(form_id: int) -> Questionnaire:
    """Return one version of a questionnaire.

    Raises:
        NotFoundError: there is none.
    """
    row = execute(f"SELECT {_COLUMNS} FROM questionnaire WHERE id = ?", (form_id,)).fetchone()
    if row is None:
        raise NotFoundError("There is no such questionnaire; contoso assess list shows them")
    return _read(row)


def find_version(pipeline: str, stage: str, version: int) -> Questionnaire | None:
    """Return a version of a stage's questionnaire, also one that is no longer in force."""
    row = execute(
        f"SELECT {_COLUMNS} FROM questionnaire WHERE pipeline = ? AND stage = ? AND version = ?",
        (pipeline, stage, version),
    ).fetchone()
    return _read(row) if row else None


def find(pipeline: str, stage: str) -> Questionnaire | None:
    """Return the questionnaire in force for a stage, None where it has none."""
    return next((form for form in list_in_force() if (form.pipeline, form.stage) == (pipeline, stage)), None)


def list_in_force() -> list[Questionnaire]:
    """Return the newest version of each questionnaire that the process in force names, in its order."""
    raw = process.in_force()
    found = []
    for form in raw.get("assessment", ()):
        row = execute(
            f"SELECT {_COLUMNS} FROM questionnaire WHERE pipeline = ? AND stage = ? ORDER BY version DESC LIMIT 1",
            (form.get("pipeline", raw["pipeline"][0]["id"]), form["stage"]),
        ).fetchone()
        if row is not None:
            found.append(_read(row))
    return found


def _read(row: tuple[Any, ...]) -> Questionnaire:
    form_id, pipeline, stage, version, op, threshold, content = row
    raw = json.loads(content)
    questions = tuple(
        Question(
            one["id"],
            one["text"],
            one.get("field", ""),
            tuple(
                Answer(a["text"], a["points"], a.get("knock_out", False), a.get("value", a["text"]))
                for a in one["answer"]
            ),
        )
        for one in raw["question"]
    )
    return Questionnaire(form_id, pipeline, stage, version, op, threshold, questions, raw["result"] == "propose")
