"""`contoso points`: what a user scored in a month, and what each activity is worth."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    shown = group.command("show", show, "your points of a month by activity")
    shown.add_argument("--month", metavar="2026-11", help="this month unless said")
    group.command("values", list_values, "what each activity is worth")


def show(call: Call) -> None:
    """Show the month's points by activity, and how far the quota is."""
    from models import process
    from models.activities import points

    month = _month(call)
    found = points.list_month(call.actor.login, month)
    records: list[dict[str, Any]] = [
        {"type": one.code, "name": one.name, "points": one.points_each, "times": one.times, "score": one.score}
        for one in found
    ]
    call.out.listing("contoso.points/1", records, [*_VALUE, *_SCORE], empty="Nothing scored yet")
    if call.out.is_plain:
        scored = sum(one.score for one in found)
        quota = points.quota_of(call.actor, process.current())
        of = f" of {quota}" if quota is not None else ""
        call.out.message(f"{scored}{of} points in {month:%B %Y}")


_VALUE = (
    Column("activity", lambda r: r["name"], gives_way=True),
    Column("points", lambda r: str(r["points"]), "right"),
)
_SCORE = (Column("done", lambda r: str(r["times"]), "right"), Column("score", lambda r: str(r["score"]), "right"))


def list_values(call: Call) -> None:
    """List what each activity of the process is worth."""
    from models import process

    records: list[dict[str, Any]] = [
        {"type": one.code, "name": one.name, "points": one.points, "default_for": list(one.default_for)}
        for one in process.current().activity_types.values()
    ]
    usual = Column("by itself for", lambda r: " ".join(r["default_for"]))
    call.out.listing("contoso.point-value/1", records, [*_VALUE, usual])


def _month(call: Call) -> dt.date:
    if not call.args.month:
        return call.today
    found = _MONTH.fullmatch(call.args.month.strip())
    if found is None:
        raise UsageError(f"--month {call.args.month}: write it like 2026-11")
    return dt.date(int(found[1]), int(found[2]), 1)
