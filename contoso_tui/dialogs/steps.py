"""Forms about what was done and what comes next: log, next step, step done, snooze, skip. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from contoso_tui.drafts import DraftKey
from contoso_tui.forms.fields import Choice, Form, FormField, Raw
from contoso_tui.forms.parse import parse_time
from models.activities.records import CHANNELS, NextStep

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


def next_fields(*, is_required: bool, prefix: str = "next_", present: NextStep | None = None) -> tuple[FormField, ...]:
    """Return the fields of a next step: what, when, at what time, by which channel."""
    has_text = lambda raw: is_required or bool(raw.get(f"{prefix}text", "").strip())  # noqa: E731
    time = f"{present.minute // 60:02d}:{present.minute % 60:02d}" if present and present.minute is not None else ""
    return (
        FormField(f"{prefix}text", "Next step", required=is_required, value=present.text if present else ""),
        FormField(f"{prefix}on", "On", "date", required=has_text, value=present.on.isoformat() if present else ""),
        FormField(f"{prefix}time", "At", "time", value=time, help="empty: any time"),
        FormField(
            f"{prefix}channel",
            "By",
            "choice",
            choices=_channels(),
            value=present.channel if present else "call",
        ),
    )


def read_next(values: dict[str, Any], prefix: str = "next_") -> dict[str, Any]:
    """Return the arguments `next_text`, `next_on`, `next_minute` that models take."""
    return {
        "next_text": values[f"{prefix}text"] or "",
        "next_on": values[f"{prefix}on"],
        "next_minute": minute_of(values[f"{prefix}time"]),
    }


def step_form(title: str, present: NextStep | None, draft: DraftKey | None) -> Form:
    """Ask what comes next and when."""
    return Form(title=title, fields=next_fields(is_required=True, present=present), save_label="Set", draft=draft)


def done_form(title: str, what: str, draft: DraftKey | None) -> Form:
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
        live=_warn_without_next,
    )


def _warn_without_next(raw: Raw) -> tuple[str, ...]:
    return () if raw["next_text"].strip() else ("Without a next step the deal is marked - no next step.",)


def log_form(title: str, points: dict[str, int], draft: DraftKey | None, *, has_deal: bool) -> Form:
    """Ask what was done with a customer, in one form with what comes next; `points` are by channel."""

    def score(raw: Raw) -> tuple[str, ...]:
        scored = points.get(raw["channel"], 0)
        return (f"Scores {scored} points." if scored else "Scores no points.",)

    return Form(
        title=title,
        fields=(
            FormField("channel", "What", "choice", choices=_channels(CHANNELS), value="call"),
            FormField("text", "Text", "long", lines=2, required=lambda raw: raw["channel"] == "note"),
            *next_fields(is_required=False),
            FormField("who", "With"),
            FormField("duration_minutes", "Took", "duration"),
            FormField("on", "Done on", "date", value="today", is_past=True),
        ),
        foot=() if has_deal else ("The next step becomes a task of yours.",),
        save_label="Log",
        draft=draft,
        live=score,
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


SNOOZES: tuple[tuple[str, str, int], ...] = (("1", "1 day", 1), ("3", "3 days", 3), ("w", "a week", 7))
"""Key, words and days of the short ways to snooze."""


def snoozed_to(today: dt.date, days: int) -> dt.date:
    """Return the day a snooze leads to."""
    return today + dt.timedelta(days=days)
