"""What the points screen says: head, rows of activities, teams and values, and the side panel. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from contoso_tui.sparks import sparks
from contoso_tui.text import clean, pad, wrap
from contoso_tui.widgets.list_view import Line, line
from contoso_tui.widgets.rows import Part
from contoso_tui.widgets.text_block import BLANK, RULE, text_line
from models.activities.records import PlanLine, Scored, Standing, TeamScore
from models.process import ActivityType
from models.words import counted

ROOM_FOR_BARS = 88
"""Lists as wide as this have a bar in each row."""
ROOM_FOR_QUOTAS = 60
"""Lists as wide as this say the quota beside each score."""
_NUMBERS = 8
_BAR, _TEAM_BAR = 10, 20
_SHOWN_THINGS = 5
_COUNTED = (
    "An activity scores once, on the day it is marked done, for the one who did it; undo takes the points back;"
    " imported activities do not score."
)


def percent_bar(reached: int, whole: int, cells: int) -> str:
    """Return a bar of `cells` cells, filled by how much of the whole is reached."""
    filled = min(cells, reached * cells // whole) if whole > 0 else 0
    return "█" * filled + "░" * (cells - filled)


def name_of(code_name: str) -> str:
    """Return an activity's name as a row begins with it."""
    return code_name[:1].upper() + code_name[1:]


# ---- head


def head(standing: Standing, width: int) -> list[Line]:
    """Return the lines above the list: score, bar and pace."""
    month = f"{standing.month:%B %Y}"
    if standing.quota is None:
        return [RULE, text_line(f" {standing.scored} points in {month}; {clean(standing.login)} has no quota"), RULE]
    score = f" {standing.scored} of {standing.quota}{' points' if width >= 120 else ''}   {standing.percent}%"
    is_over = not standing.days_left
    facts: list[str] = []
    if standing.is_closed:
        facts.append("closed: it stands")
    elif not standing.to_go:
        facts.append("quota reached")
    else:
        facts.append(f"{standing.to_go} {'missing' if is_over else 'to go'}")
    if not is_over:
        free = ", ".join(f"{day:%a} {day.day}" for day in standing.holidays[:2])
        facts.append(f"{counted(standing.days_left, 'working day')} left" + (f" ({free} off)" if free else ""))
    pace = f"pace {standing.pace} a day"
    if not is_over and standing.to_go:
        pace += f" so far, {standing.pace_needed} a day needed"
    end = f"| {standing.quota}"
    # The bar's length is the higher of plan and quota, so that a score above the quota shows.
    bar = percent_bar(standing.scored, standing.quota, width - len(end) - 20)
    first: list[Part] = [(score, "amount"), ("   " + "   ".join(facts), "text")]
    if width >= 120:
        first.append((f"   {pace}", "text"))
    lines = [RULE, text_line(first), text_line([(f" {bar}", "accent"), (end, "dim")])]
    return [*lines, *([] if width >= 120 else [text_line(f" {pace}")]), RULE]


def all_of(count: int, key: str, width: int) -> Line:
    """Return the line below a list that is higher than its room: how many there are, and the key to the last."""
    words = f"{count} activities, {key} goes to the last"
    return text_line([(f"── {words} " + "─" * max(width - len(words) - 4, 0), "line")])


def total(standing: Standing, width: int) -> Line:
    """Return the line below the list."""
    cells = _numbers("", str(standing.plan_points), "", str(standing.scored), "")
    return text_line([(pad("  Total", _name_cells(width) + 1), "heading"), (cells, "amount")])


def about(standing: Standing) -> str:
    """Say what plan and quota are worth."""
    quota = f"the quota is {standing.quota}" if standing.quota is not None else "there is no quota"
    return f" The plan is worth {standing.plan_points} points, {quota}. A done activity counts once."


# ---- rows


def _name_cells(width: int) -> int:
    numbers = 5 * _NUMBERS + (_BAR + 3 if width >= ROOM_FOR_BARS else 0)
    return max(12, min(40 if width < ROOM_FOR_BARS else 37, width - numbers - 2))


def _numbers(points: str, plan: str, done: str, score: str, left: str) -> str:
    return "".join(pad(text, _NUMBERS, "right") for text in (points, plan, done, score, left))


def title(width: int, *, is_values: bool = False) -> str:
    """Return the line of the columns' names."""
    if is_values:
        return f"  {pad('activity', _name_cells(width) - 1)}{pad('points', 8, 'right')}{pad('plan', 8, 'right')}  group"
    return pad("  activity", _name_cells(width) + 1) + _numbers("points", "plan", "done", "score", "left")


def plan_row(one: PlanLine, width: int) -> Line:
    """Return the row of an activity."""
    plan, left = (str(one.planned), str(one.left)) if one.planned else ("-", "-")
    numbers = _numbers(str(one.points_each), plan, str(one.done), str(one.score), left)
    style = "text" if one.done or one.planned else "dim"
    parts: list[Part] = [(pad(f" {name_of(clean(one.name))}", _name_cells(width)), style), (numbers, style)]
    if width >= ROOM_FOR_BARS and one.planned:
        parts.append((f"   {percent_bar(one.done, one.planned, _BAR)}", "accent"))
    return line(parts, one.code)


def in_order(standing: Standing, *, by_score: bool) -> list[PlanLine]:
    """Return the activities in the process's order, or on narrow screens the best scoring first."""
    if not by_score:
        return list(standing.lines)
    places = {one.code: place for place, one in enumerate(standing.lines)}
    return sorted(standing.lines, key=lambda one: (-one.score, -one.planned * one.points_each, places[one.code]))


def value_row(kind: ActivityType, width: int) -> Line:
    """Return the row of what an activity is worth."""
    plan = str(kind.a_month) if kind.a_month else "-"
    name = pad(f" {name_of(clean(kind.name))}", _name_cells(width))
    return line([(name, "text"), (pad(str(kind.points), 8, "right"), "amount"), (pad(plan, 8, "right"), "text"),
                 (f"  {clean(kind.group)}", "dim")], kind.code)  # fmt: skip


def team_rows(teams: Sequence[TeamScore], width: int) -> list[Line]:
    """Return teams with those whose points the reader may see."""
    rows: list[Line] = []
    for team in teams:
        rows.append(Line(((f" {clean(team.name).upper()}", "heading"),), is_heading=True))
        rows += [line(_score_parts(one.name, one.scored, one.quota, width), one.login) for one in team.members]
        whole = f"Team of {team.sellers}"
        rows.append(Line(tuple(_score_parts(whole, team.scored, team.quota, width)), is_heading=True))
    return rows


def _score_parts(name: str, scored: int, quota: int, width: int) -> list[Part]:
    is_narrow = width < ROOM_FOR_QUOTAS
    name_cells = 14 if is_narrow else 20
    of = "  " if is_narrow else f" of {quota:,}".ljust(10)
    bar = max(6, min(_TEAM_BAR, width - name_cells - len(of) - 15))
    percent = f"{scored * 100 // quota}%" if quota else "-"
    return [
        (pad(f" {clean(name)}", name_cells), "text"),
        (pad(f"{scored:,}", 7, "right"), "amount"),
        (of, "dim"),
        (percent_bar(scored, quota, bar), "accent"),
        (pad(percent, 6, "right"), "text"),
    ]


# ---- side panel


def side(
    standing: Standing,
    teams: Sequence[TeamScore],
    past: Sequence[tuple[dt.date, int]],
    nearest: Sequence[tuple[PlanLine, int]],
    chosen: PlanLine | None,
    things: Sequence[Scored],
    days: Sequence[dt.date],
    width: int,
    *,
    is_ascii: bool,
) -> list[Line]:
    """Return the panel's lines: teams, the last months, what scored, and how it is counted."""
    lines: list[Line] = []
    for team in teams[:1]:
        lines.append(_title(f"TEAM {clean(team.name)}, {standing.month:%B}".upper(), "2"))
        lines += [text_line(_score_parts(one.name, one.scored, one.quota, width)) for one in team.members[:6]]
        lines += [text_line(_score_parts("Team", team.scored, team.quota, width)), BLANK]
    lines.append(_title("LAST 6 MONTHS"))
    told = "  ".join(f"{month:%b} {scored}" for month, scored in past)
    lines += [text_line(f" {row}") for row in wrap(told, width - 3)]
    lines += [text_line([(f" {sparks([scored for _, scored in past], is_ascii=is_ascii)}", "accent")]), BLANK]
    if chosen is not None:
        lines.append(_title(f"{clean(chosen.name).upper()}, {chosen.done} DONE"))
        for one, day in list(zip(things, days, strict=True))[:_SHOWN_THINGS]:
            room = width - 16
            lines.append(text_line(f" {pad(f'{day.day} {day:%b}', 7, 'right')}  {pad(clean(one.customer), room)}",
                                   f"{one.points} "))  # fmt: skip
        lines += [text_line(" enter opens the list", style="dim") if things else text_line(" none yet", style="dim")]
        lines.append(BLANK)
    if nearest:
        words = ", ".join(f"{times} x {clean(one.name)}" for one, times in nearest)
        made = sum(one.points_each * times for one, times in nearest)
        lines.append(_title(f"NEAREST WAY TO {standing.quota}"))
        lines += [text_line(f" {row}") for row in wrap(f"{standing.to_go} points: {words} make {made}", width - 3)]
        lines.append(BLANK)
    lines.append(_title("HOW IT IS COUNTED"))
    return [*lines, *(text_line(f" {row}", style="dim") for row in wrap(_COUNTED, width - 3))]


def _title(name: str, key: str = "") -> Line:
    return text_line([(f" {name}", "heading")], f"{key} " if key else "")


def as_csv(standing: Standing) -> str:
    """Return the month as CSV, to copy; names come from the process file."""
    rows = ["activity,points,plan,done,score,left"]
    for one in standing.lines:
        name = one.name.replace('"', '""')
        rows.append(f'"{name}",{one.points_each},{one.planned},{one.done},{one.score},{one.left}')
    return "\n".join(rows) + "\n"
