"""Forms about what was done and what comes next: log, next step, step done, snooze, skip. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from contoso_tui import formats
from contoso_tui.drafts import DraftKey
from contoso_tui.formats import counted
from contoso_tui.forms.fields import Choice, Form, FormField, Raw
from contoso_tui.forms.parse import parse_date, parse_time
from contoso_tui.forms.when import When, say_when, understood
from models.activities.records import CHANNELS, NextStep
from models.errors import UsageError

if TYPE_CHECKING:
    from models.process import ActivityType

# A next step is something one does towards a customer; a note is none.
STEP_CHANNELS = tuple(channel for channel in CHANNELS if channel != "note")


def minute_of(time: str | None) -> int | None:
    """Return minutes after midnight of a form's `HH:MM`."""
    if not time:
        return None
    hour, _, minute = parse_time(time).partition(":")
    return int(hour) * 60 + int(minute)


def _channels(names: tuple[str, ...] = STEP_CHANNELS) -> tuple[Choice, ...]:
    return tuple(Choice(name, name) for name in names)


def next_fields(*, is_required: bool, present: NextStep | None = None) -> tuple[FormField, ...]:
    """Return the fields of a next step: what, when, at what time, by which channel."""
    time = f"{present.minute // 60:02d}:{present.minute % 60:02d}" if present and present.minute is not None else ""
    return (
        FormField("next_text", "Next step", required=is_required, value=present.text if present else ""),
        FormField(
            "next_on",
            "On",
            "date",
            value=present.on.isoformat() if present else "",
            help="or in the text: Call Lee fri 14:00",
        ),
        FormField("next_time", "At", "time", value=time, help="empty: any time"),
        FormField(
            "next_channel",
            "By",
            "choice",
            choices=_channels(),
            value=present.channel if present else "call",
        ),
    )


def _meant(values: Mapping[str, Any], today: dt.date) -> When:
    return understood(values["next_text"] or "", values["next_on"], minute_of(values["next_time"]), today)


def read_next(values: dict[str, Any], today: dt.date) -> dict[str, Any]:
    """Return the arguments `next_text`, `next_on`, `next_minute` that models take."""
    found = _meant(values, today)
    return {"next_text": found.text, "next_on": found.on, "next_minute": found.minute}


def check_next(today: dt.date) -> Callable[[dict[str, Any]], Mapping[str, str]]:
    """Return the check that a next step has a day."""

    def check(values: dict[str, Any]) -> Mapping[str, str]:
        found = _meant(values, today)
        return {"next_on": "On which day? fri, +3d, 12 dec"} if found.text and found.on is None else {}

    return check


def say_next(raw: Raw, today: dt.date) -> tuple[str, ...]:
    """Return how the next step is understood, where its text ends with a day or a time."""
    try:
        on = parse_date(raw["next_on"], today) if raw["next_on"].strip() else None
        found = understood(raw["next_text"], on, minute_of(raw["next_time"].strip()), today)
    except UsageError:
        # Half typed; the field itself says what is wrong with it.
        return ()
    if found.on is None or found.text == raw["next_text"].strip():
        return ()
    return (f"Next: {found.text} · {say_when(found.on, found.minute)}",)


def step_form(title: str, present: NextStep | None, today: dt.date, draft: DraftKey | None) -> Form:
    """Ask what comes next, when, and how long it takes."""
    length = formats.length(present.minutes) if present is not None and present.minutes else ""
    return Form(
        title=title,
        fields=(
            *next_fields(is_required=True, present=present),
            FormField("next_minutes", "Takes", "duration", value=length, help="45, 1h30; empty: nobody knows"),
        ),
        save_label="Set",
        draft=draft,
        check=check_next(today),
        live=lambda raw: say_next(raw, today),
    )


def done_form(title: str, what: str, today: dt.date, draft: DraftKey | None) -> Form:
    """Ask how a deal's step went, and what comes next so that the deal is not left without."""
    first, *rest = next_fields(is_required=False)
    return Form(
        title=title,
        intro=(f"Done: {what}",),
        fields=(
            first,
            *rest,
            FormField("who", "Spoke to"),
            FormField("notes", "Note", "long", lines=2),
        ),
        save_label="Done",
        draft=draft,
        check=check_next(today),
        live=lambda raw: say_next(raw, today) or _warn_without_next(raw),
    )


def _warn_without_next(raw: Raw) -> tuple[str, ...]:
    return () if raw["next_text"].strip() else ("Without a next step the deal is marked - no next step.",)


def log_form(
    title: str,
    types: Mapping[str, ActivityType],
    today: dt.date,
    draft: DraftKey | None,
    *,
    has_deal: bool,
    type: str = "",
) -> Form:
    """Ask what was done with a customer, in one form with what comes next; the channel has a type where none is said.

    With `type` it begins as one of these.
    """
    by_channel = {channel: code for code, one in types.items() for channel in reversed(one.default_for)}
    usual = types[type].default_for[:1] if type in types else ()

    def score(raw: Raw) -> tuple[str, ...]:
        typed = raw["type"].strip().casefold()
        named = (code for code, one in types.items() if typed in (code, one.name.casefold()))
        code = next(named, "") if typed else by_channel.get(raw["channel"], "")
        scored = types[code].points if code in types else 0
        words = f"Scores {counted(scored, 'point')}." if scored else "Scores no points."
        return (*say_next(raw, today), words)

    return Form(
        title=title,
        fields=(
            FormField("channel", "What", "choice", choices=_channels(CHANNELS), value=usual[0] if usual else "call"),
            FormField("text", "Text", "long", lines=2, required=lambda raw: raw["channel"] == "note"),
            *next_fields(is_required=False),
            FormField("who", "With"),
            FormField("duration_minutes", "Took", "duration"),
            FormField("on", "Done on", "date", value="today", is_past=True),
            FormField(
                "type",
                "Type",
                "person",
                choices=tuple(Choice(one.code, one.name, f"{one.points} points") for one in types.values()),
                value=type,
                help="empty: the usual one",
            ),
        ),
        foot=() if has_deal else ("The next step becomes a task of yours.",),
        save_label="Log",
        draft=draft,
        check=check_next(today),
        live=score,
        first="text",
    )


def date_form(title: str, label: str, foot: tuple[str, ...] = ()) -> Form:
    """Ask for one day."""
    return Form(title=title, fields=(FormField("on", label, "date", required=True),), foot=foot, save_label="Snooze")


def reason_form(
    title: str,
    intro: tuple[str, ...],
    save_label: str,
    *,
    draft: DraftKey | None = None,
    foot: tuple[str, ...] = (),
    label: str = "Reason",
) -> Form:
    """Ask for a reason; the button that changes nothing is the default."""
    return Form(
        title=title,
        intro=intro,
        fields=(FormField("reason", label, required=True),),
        foot=foot,
        save_label=save_label,
        draft=draft,
    )


_SATURDAY = 5
SNOOZES: tuple[tuple[str, str, int], ...] = (("1", "1 day", 1), ("3", "3 days", 3), ("w", "a week", 7))
"""Key, words and days of the short ways to snooze."""


def snoozed_to(today: dt.date, days: int) -> dt.date:
    """Return the day a snooze leads to, never one of a weekend."""
    day = today + dt.timedelta(days=days)
    return day + dt.timedelta(days=max(7 - day.weekday(), 0) if day.weekday() >= _SATURDAY else 0)
