"""A questionnaire to be filled in away from the database, and read back: a plain text file (rules 7)."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import uuid
from typing import Any, NamedTuple

from models import clock, ids
from models.assessments import forms
from models.assessments.records import Questionnaire
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from models.errors import NotFoundError, UsageError

_HEAD = ("deal", "pipeline", "stage", "version", "submission", "entered_stage")
_UNSAFE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")


class Sheet(NamedTuple):
    """A filled-in file: which deal and version it is for, its answers, and what makes it count once."""

    deal_id: int
    form: Questionnaire
    choices: dict[str, int]
    note: str
    submission: str
    entered_stage: int


def find_form(deal: DealDetail, stage: str = "") -> Questionnaire:
    """Return the questionnaire in force for a deal's stage, or for another one.

    Raises:
        NotFoundError: the process has none for it.
    """
    form = forms.find(deal.pipeline, stage or deal.stage.id)
    if form is None:
        name = stage or deal.stage.name
        raise NotFoundError(f"The process has no assessment for {name}; contoso assess list shows which there are")
    return form


def export(deal_id: int, now: dt.datetime, stage: str = "") -> str:
    """Return the file to fill in: each question with its answers; the number of one goes after the `=`."""
    deal = get_detail(deal_id, now)
    form = find_form(deal, stage)
    lines = [
        f"# Assessment of {_comment(ids.show_deal(deal_id))} {_comment(deal.customer)}: {form.rule} moves it on.",
        "# Write the number of an answer after each =, then: contoso assess apply FILE",
        f'deal = "{ids.show_deal(deal_id)}"',
        f'pipeline = "{form.pipeline}"',
        f'stage = "{form.stage}"',
        f"version = {form.version}",
        f'submission = "{uuid.uuid4()}"',
        f"entered_stage = {clock.to_micros(deal.stage_entered_at)}",
        'note = ""',
        "",
        "[answers]",
    ]
    for at, question in enumerate(form.questions, 1):
        lines.append(f"# {at}. {_comment(question.text)}")
        for place, answer in enumerate(question.answers, 1):
            knocks = ", keeps the deal where it is" if answer.is_knock_out else ""
            lines.append(f"#    {place} {_comment(answer.text)} ({answer.points}{knocks})")
        lines.append(f"{question.id} =")
    return "\n".join(lines) + "\n"


def read(text: str) -> Sheet:
    """Return what a filled-in file says; lines without an answer are open questions.

    Raises:
        UsageError: it can't be read, or an answer is none of the question's.
        NotFoundError: it is for a version that this database never had.
    """
    # An open question has nothing after its =, which is no TOML.
    kept = [line for line in text.splitlines() if not re.fullmatch(r"\s*[a-z][a-z0-9_]*\s*=\s*", line)]
    try:
        raw: dict[str, Any] = tomllib.loads("\n".join(kept))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The file can't be read: {error}") from error
    missing = [name for name in _HEAD if name not in raw]
    if missing or not isinstance(raw.get("answers", {}), dict):
        raise UsageError(f"The file lacks {', '.join(missing) or 'its answers'}: export it again")
    if not isinstance(raw["version"], int) or not isinstance(raw["entered_stage"], int):
        raise UsageError("The head of the file was changed: export it again")
    form = forms.find_version(str(raw["pipeline"]), str(raw["stage"]), raw["version"])
    if form is None:
        raise NotFoundError(
            f"There is no version {raw['version']} of the assessment of {raw['stage']}: export it again"
        )
    choices = {}
    for name, number in raw.get("answers", {}).items():
        if not isinstance(number, int) or isinstance(number, bool):
            raise UsageError(f"{name} = {number!r}: write the number of an answer")
        choices[name] = number - 1
    return Sheet(
        deal_id=ids.deal_id(str(raw["deal"])),
        form=form,
        choices=choices,
        note=str(raw.get("note", "")),
        submission=str(raw["submission"]),
        entered_stage=raw["entered_stage"],
    )


def _comment(text: str) -> str:
    """Return a text that stays on its line, whatever is in it."""
    return _UNSAFE.sub("?", text)
