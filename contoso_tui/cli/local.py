"""Times as they are shown and sent: ISO 8601 in the company's time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo


def moment(at: dt.datetime, zone: str) -> str:
    """Return a moment to the second with the offset of the company's zone: `2026-11-18T14:05:00-07:00`."""
    return at.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def day(date: dt.date | None) -> str | None:
    """Return a date as JSON has it."""
    return date.isoformat() if date else None
