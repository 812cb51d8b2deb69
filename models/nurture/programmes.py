"""Programmes and their versions; a change is a new version, and who is enrolled stays on theirs (rules 3.8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from models import journal, process
from models.activities.records import CHANNELS
from models.database import execute
from models.errors import NotFoundError, UsageError
from models.nurture.records import Programme, ProgrammeStep
from models.people.permissions import require_operations
from models.people.records import Actor


def list_programmes() -> list[Programme]:
    """Return the newest version of each programme by name."""
    rows = execute(
        "SELECT id FROM programme p WHERE version = (SELECT max(version) FROM programme WHERE code = p.code)"
        " ORDER BY name"
    )
    return [get_version(programme_id) for (programme_id,) in rows.fetchall()]


def get(code: str) -> Programme:
    """Return the newest version of a programme.

    Raises:
        NotFoundError: there is none of that code.
    """
    row = execute("SELECT id FROM programme WHERE code = ? ORDER BY version DESC LIMIT 1", (code,)).fetchone()
    if row is None:
        codes = ", ".join(programme.code for programme in list_programmes())
        raise NotFoundError(f"There is no programme {code!r}; there are {codes}")
    return get_version(row[0])


def get_version(programme_id: int) -> Programme:
    """Return the version that has this id."""
    code, version, name, is_active = execute(
        "SELECT code, version, name, active FROM programme WHERE id = ?", (programme_id,)
    ).fetchone()
    steps = execute(
        "SELECT position, channel, name, days_after, activity_type, email_subject, email_body, guide"
        " FROM programme_step WHERE programme_id = ? ORDER BY position",
        (programme_id,),
    )
    return Programme(
        programme_id, code, version, name, bool(is_active), tuple(ProgrammeStep(*step) for step in steps.fetchall())
    )


def new_version(
    actor: Actor,
    now: dt.datetime,
    code: str,
    steps: Sequence[ProgrammeStep],
    *,
    name: str = "",
    is_active: bool = True,
) -> Programme:
    """Put a new version of a programme (or a new programme) in force; positions are given by the order of `steps`.

    Raises:
        NotAllowedError: the actor isn't operations.
        UsageError: no steps, an unknown channel or activity type, negative days, or an email without a text.
    """
    require_operations(actor, "change programmes")
    _check(steps)
    row = execute("SELECT max(version), name FROM programme WHERE code = ?", (code,)).fetchone()
    version = (row[0] or 0) + 1
    title = name or row[1] or code
    with journal.action(actor, now, "process.use", f"Programme {title}, version {version}", can_undo=False):
        cursor = execute(
            "INSERT INTO programme (code, version, name, active) VALUES (?, ?, ?, ?)",
            (code, version, title, int(is_active)),
        )
        programme_id = int(cursor.lastrowid or 0)
        for position, step in enumerate(steps, 1):
            execute(
                "INSERT INTO programme_step (programme_id, position, channel, name, days_after, activity_type,"
                " email_subject, email_body, guide, is_final) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    programme_id,
                    position,
                    step.channel,
                    step.name,
                    step.days_after,
                    step.activity_type,
                    step.email_subject,
                    step.email_body,
                    step.guide,
                    int(position == len(steps)),
                ),
            )
    return get_version(programme_id)


def _check(steps: Sequence[ProgrammeStep]) -> None:
    if not steps:
        raise UsageError("A programme needs at least one step")
    types = process.current().activity_types
    for position, step in enumerate(steps, 1):
        what = f"Step {position}"
        if not step.name.strip():
            raise UsageError(f"{what} needs a name")
        if step.channel not in CHANNELS:
            raise UsageError(f"{what}: there is no channel {step.channel!r}; there are {', '.join(CHANNELS)}")
        if step.days_after < 0:
            raise UsageError(f"{what}: days after the step before can't be negative")
        if step.activity_type and step.activity_type not in types:
            raise UsageError(f"{what}: there is no activity type {step.activity_type!r}; there are {', '.join(types)}")
        if step.channel == "email" and not (step.email_subject.strip() and step.email_body.strip()):
            raise UsageError(f"{what}: an email needs a subject and a body")
