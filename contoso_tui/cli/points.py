"""`contoso points`: what users and teams scored in a month, what each activity is worth, and closing a month."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from models.errors import UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.activities.records import Standing

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    shown = group.command("show", show, "your points of a month by activity, or your team's")
    shown.add_argument("--month", metavar="2026-11", help="this month unless said")
    shown.add_argument("--team", action="store_true", help="by team: managers see everybody, others the total")
    group.command("values", list_values, "what each activity is worth, and how many a month are recommended")
    closed = group.command("close", close, "close a month that is over (sales operations)", writes=True)
    closed.add_argument("month", metavar="MONTH", help="such as 2026-10")


def show(call: Call) -> None:
    """Show the month's points by activity, and how far the quota is."""
    from models.activities import quota

    month = _month(call, call.args.month)
    if call.args.team:
        _show_teams(call, month)
        return
    standing = quota.get_standing(call.actor.login, month, call.now)
    records: list[dict[str, Any]] = [
        {
            "type": one.code,
            "name": one.name,
            "group": one.group,
            "points": one.points_each,
            "planned": one.planned,
            "times": one.done,
            "score": one.score,
            "left": one.left,
        }
        for one in standing.lines
        if one.done or (one.planned and standing.quota is not None)
    ]
    call.out.listing("contoso.points/1", records, [*_VALUE, *_SCORE], empty="Nothing scored yet")
    if call.out.is_plain:
        call.out.message(_summary(standing))


def _summary(standing: Standing) -> str:
    of = f" of {standing.quota}" if standing.quota is not None else ""
    said = f"{standing.scored}{of} points in {standing.month:%B %Y}"
    if standing.is_closed:
        return f"{said}, closed"
    if standing.quota is None or not standing.to_go or not standing.days_left:
        return said
    days = "1 working day" if standing.days_left == 1 else f"{standing.days_left} working days"
    return f"{said}: {standing.to_go} to go, {days} left, {standing.pace_needed} a day needed"


def _show_teams(call: Call, month: dt.date) -> None:
    from models.activities import points, quota

    records: list[dict[str, Any]] = []
    for team in quota.list_teams(call.actor, month):
        for one in team.members:
            records.append(_row(points.month_key(month), team.name, one.login, one.scored, one.quota))
        records.append(_row(points.month_key(month), team.name, None, team.scored, team.quota))
    columns = [
        Column("team", lambda r: r["team"]),
        Column("who", lambda r: r["user"] or "all", gives_way=True),
        Column("points", lambda r: str(r["score"]), "right"),
        Column("quota", lambda r: str(r["quota"]), "right"),
        Column("", lambda r: f"{r['percent']}%", "right"),
    ]
    call.out.listing("contoso.team-points/1", records, columns, empty="You belong to no team that sells")


def _row(month: str, team: str, login: str | None, scored: int, quota: int) -> dict[str, Any]:
    percent = scored * 100 // quota if quota else 0
    return {"month": month, "team": team, "user": login, "score": scored, "quota": quota, "percent": percent}


_VALUE = (
    Column("activity", lambda r: r["name"], gives_way=True),
    Column("points", lambda r: str(r["points"]), "right"),
)
_PLAN = Column("plan", lambda r: str(r["planned"]) if r["planned"] else "-", "right")
_SCORE = (
    _PLAN,
    Column("done", lambda r: str(r["times"]), "right"),
    Column("score", lambda r: str(r["score"]), "right"),
    Column("left", lambda r: str(r["left"]) if r["planned"] else "-", "right"),
)


def list_values(call: Call) -> None:
    """List what each activity of the process is worth."""
    from models import process

    records: list[dict[str, Any]] = [
        {
            "type": one.code,
            "name": one.name,
            "group": one.group,
            "points": one.points,
            "planned": one.a_month,
            "default_for": list(one.default_for),
        }
        for one in process.current().activity_types.values()
    ]
    columns = [
        *_VALUE,
        _PLAN,
        Column("group", lambda r: r["group"]),
        Column("by itself for", lambda r: " ".join(r["default_for"])),
    ]
    call.out.listing("contoso.point-value/1", records, columns)
    if call.out.is_plain:
        worth = sum(one["points"] * one["planned"] for one in records)
        call.out.message(f"The recommended month is worth {worth} points; a change counts from the next month")


def close(call: Call) -> None:
    """Close a month, after asking: that is never undone."""
    from models.activities import months

    month = _month(call, call.args.month)
    if not call.confirm(f"Close {month:%B %Y} for everybody? It can't be opened again."):
        return
    total = months.close(call.actor, call.now, month)
    call.out.message(f"Closed {month:%B %Y}: {total:,} points stand")


def _month(call: Call, text: str | None) -> dt.date:
    if not text:
        return call.today.replace(day=1)
    found = _MONTH.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"{text!r} is no month: write it like 2026-11")
    return dt.date(int(found[1]), int(found[2]), 1)
