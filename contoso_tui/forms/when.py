"""A day and a time at the end of a sentence: `Call Lee fri 14:00`; pure.

Stricter than date fields: a word that may mean something else ("Call Tom", "a plan of 12 months") stays in the text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

from contoso_tui.forms.parse import parse_date, parse_time, say_date
from models.errors import UsageError

_MOST_WORDS = 7
_WEEKDAY = re.compile(r"mon(day)?|tues?(day)?|wed(nesday)?|thu(rs?)?(day)?|fri(day)?|sat(urday)?|sun(day)?")
_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_DAY = re.compile(
    rf"today|tomorrow|tmr|{_WEEKDAY.pattern}|\d{{1,4}}[dw]|\+\d{{1,4}} ?(d|w|m|y|days?|weeks?|months?|years?)"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}(/\d{4})?|\d{1,2}\.\d{1,2}\.\d{4}"
    rf"|\d{{1,2}}(st|nd|rd|th)?\.? {_MONTH}( \d{{4}})?|{_MONTH} \d{{1,2}}(st|nd|rd|th)?( \d{{4}})?"
)
_LATER = re.compile(r"in (\d{1,4} ?(d|w|days?|weeks?|months?))")
_TIME = re.compile(r"\d{1,2}[:h]\d{2}( ?[ap]m)?|\d{1,2}(\.\d{2})? ?[ap]m")
_HOUR = re.compile(r"\d{1,2}")
# Behind these words a day is only part of what is said.
_LEADING = frozenset(
    [
        "next",
        "last",
        "every",
        "each",
        "before",
        "after",
        "until",
        "till",
        "since",
        "from",
        "past",
        "the",
        "of",
        "than",
        "per",
        "not",
        "no",
        "to",
        "for",
        "and",
        "or",
        "a",
        "an",
        "with",
        "about",
        "is",
        "was",
        "be",
        "between",
        "vs",
        "via",
        "as",
        "in",
        "into",
        "our",
        "my",
        "their",
    ]
)


class When(NamedTuple):
    """A sentence without the day and time at its end; `minute` counts from midnight."""

    text: str
    on: dt.date | None
    minute: int | None


def split_when(sentence: str, today: dt.date) -> When:
    """Return a sentence apart from the day, the time, or both, that stand at its end as far as they are certain."""
    words = sentence.split()
    plain = [word.rstrip(",").lower() for word in words]
    for count in range(min(len(words) - 1, _MOST_WORDS), 0, -1):
        before = plain[-count - 1]
        if before in _LEADING or before in ("at", "@", "on", "by", "this") or _WEEKDAY.fullmatch(before):
            continue
        found = _day_and_time(plain[-count:], today)
        if found is not None:
            return When(" ".join(words[:-count]).rstrip(","), *found)
    return When(sentence.strip(), None, None)


def understood(sentence: str, on: dt.date | None, minute: int | None, today: dt.date) -> When:
    """Return a next step as it is meant: a day and time of its own fields, and what the sentence ends with.

    Where the two say different things, the sentence stays whole.
    """
    found = split_when(sentence, today)
    if _differ(on, found.on) or _differ(minute, found.minute):
        return When(sentence.strip(), on, minute)
    return When(found.text, on or found.on, found.minute if minute is None else minute)


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def say_when(on: dt.date, minute: int | None) -> str:
    """Return a day and a time as they were understood: `Fri 28 Nov 2026 14:00`."""
    return say_date(on) if minute is None else f"{say_date(on)} {minute // 60:02d}:{minute % 60:02d}"


def _day_and_time(words: Sequence[str], today: dt.date) -> tuple[dt.date | None, int | None] | None:
    if (day := _day(words, today)) is not None:
        return day, None
    if (time := _time(words, has_day=False)) is not None:
        return None, time
    for cut in range(1, len(words)):
        for days, times in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            day, time = _day(days, today), _time(times, has_day=True)
            if day is not None and time is not None:
                return day, time
    return None


def _day(words: Sequence[str], today: dt.date) -> dt.date | None:
    if len(words) > 1 and words[0] in ("on", "by", "this"):
        words = words[1:]
    if len(words) > 1 and _WEEKDAY.fullmatch(words[0]):
        # "fri 28 nov": both, if they are the same day.
        found, named = _day(words[1:], today), _day(words[:1], today)
        return found if found is not None and named is not None and found.weekday() == named.weekday() else None
    typed = " ".join(words)
    later = _LATER.fullmatch(typed)
    if later is None and not _DAY.fullmatch(typed):
        return None
    try:
        found = parse_date(later[1] if later else typed, today)
    except UsageError:
        return None
    return found if found >= today else None


def _time(words: Sequence[str], *, has_day: bool) -> int | None:
    is_led = len(words) > 1 and words[0] in ("at", "@")
    typed = " ".join(words[1:] if is_led else words)
    if not _TIME.fullmatch(typed) and not (is_led and has_day and _HOUR.fullmatch(typed)):
        return None
    try:
        hour, _, minute = parse_time(typed).partition(":")
    except UsageError:
        return None
    return int(hour) * 60 + int(minute)
