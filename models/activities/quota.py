"""How a month stands against plan and quota, for one user and for teams (rules 6)."""

from __future__ import annotations

import datetime as dt

from models import clock, process
from models.activities import points
from models.activities.records import PlanLine, Standing, TeamMember, TeamScore, TypeScore
from models.database import company_zone, days_off, execute
from models.people import users
from models.people.records import Actor, Role
from models.working_days import is_working_day

_DAY = dt.timedelta(days=1)


def get_standing(login: str, month: dt.date, now: dt.datetime) -> Standing:
    """Return a user's month: every activity type with its plan and score, and the pace.

    Raises:
        NotFoundError: there is no such user.
    """
    zone = company_zone()
    today, first = clock.local_date(now, zone), month.replace(day=1)
    start, end = points.bounds(first, zone)
    rules = process.in_month(start)
    scores = {one.code: one for one in points.list_month(login, first, zone)}
    lines = [
        PlanLine(kind.code, kind.name, kind.group, kind.points, kind.a_month, *_done(scores.pop(kind.code, None)))
        for kind in rules.activity_types.values()
    ]
    # What was counted under a type that the process no longer has.
    lines += [PlanLine(one.code, one.name, "", one.points_each, 0, one.times, one.score) for one in scores.values()]
    row = execute(
        "SELECT id, EXISTS (SELECT 1 FROM user_role r WHERE r.user_id = app_user.id AND r.role IN (?, ?))"
        " FROM app_user WHERE login = ?",
        (Role.REPRESENTATIVE, Role.EXECUTIVE, login),
    ).fetchone()
    user_id, sells = row or (users.get_id(login), False)
    free = days_off(user_id)
    days = [first + _DAY * n for n in range((clock.local_date(clock.from_micros(end), zone) - first).days)]
    ahead = [day for day in days if day > today]
    return Standing(
        login=login,
        month=first,
        scored=sum(line.score for line in lines),
        quota=rules.points_quota if sells else None,
        lines=tuple(lines),
        days_past=sum(is_working_day(day, free) for day in days if day <= today),
        days_left=sum(is_working_day(day, free) for day in ahead),
        holidays=tuple(day for day in ahead if day in free and day.weekday() < 5),
        is_closed=points.is_closed(first),
    )


def _done(score: TypeScore | None) -> tuple[int, int]:
    return (score.times, score.score) if score is not None else (0, 0)


def nearest(standing: Standing) -> tuple[tuple[PlanLine, int], ...]:
    """Return with which of the recommended activities the quota is reached soonest, the worthiest first.

    Empty where it is reached, or where all that is left of the plan would not do.
    """
    missing, times = standing.to_go, dict[str, int]()
    ordered = sorted((one for one in standing.lines if one.left and one.points_each), key=_worth)
    for line in ordered:
        if count := min(line.left, missing // line.points_each):
            times[line.code] = count
            missing -= count * line.points_each
    while missing > 0:
        free = [line for line in ordered if line.left > times.get(line.code, 0)]
        if not free:
            return ()
        # The one that ends it with the least to spare, else the worthiest.
        line = next((line for line in reversed(free) if line.points_each >= missing), free[0])
        times[line.code] = times.get(line.code, 0) + 1
        missing -= line.points_each
    return tuple((line, times[line.code]) for line in ordered if line.code in times)


def _worth(line: PlanLine) -> tuple[int, str]:
    return (-line.points_each, line.code)


def list_past(login: str, month: dt.date, count: int = 6) -> list[tuple[dt.date, int]]:
    """Return the points of the months up to this one, the oldest first, each with its first day."""
    zone, first, found = company_zone(), month.replace(day=1), list[tuple[dt.date, int]]()
    for _ in range(count):
        found.append((first, points.month_points(login, first, zone)))
        first = (first - _DAY).replace(day=1)
    return found[::-1]


def list_teams(actor: Actor, month: dt.date) -> list[TeamScore]:
    """Return teams with the points of those who sell: one's own first.

    Managers and operations see all teams, and everybody in them; others the total of their own, and themselves.
    """
    zone = company_zone()
    start, _ = points.bounds(month.replace(day=1), zone)
    quota = process.in_month(start).points_quota or 0
    sees_all = actor.has(Role.MANAGER) or actor.has(Role.OPERATIONS)
    rows = execute(
        "SELECT t.id, t.name, t.manager_id, u.login, u.name FROM app_user u JOIN team t ON t.id = u.team_id"
        " WHERE u.active = 1 AND EXISTS (SELECT 1 FROM user_role r WHERE r.user_id = u.id AND r.role IN (?, ?))"
        " ORDER BY t.name, u.login",
        (Role.REPRESENTATIVE, Role.EXECUTIVE),
    ).fetchall()
    teams: dict[tuple[bool, str], list[TeamMember]] = {}
    for team_id, name, manager_id, login, person in rows:
        is_own = team_id == actor.team_id or manager_id == actor.id
        if is_own or sees_all:
            scored = points.month_points(login, month, zone)
            teams.setdefault((not is_own, name), []).append(TeamMember(login, person or login, scored, quota))
    return [_team(name, members, actor, sees_all=sees_all) for (_, name), members in sorted(teams.items())]


def _team(name: str, members: list[TeamMember], actor: Actor, *, sees_all: bool) -> TeamScore:
    shown = [one for one in members if sees_all or one.login == actor.login]
    return TeamScore(
        name,
        tuple(sorted(shown, key=lambda one: (-one.scored, one.login))),
        sum(one.scored for one in members),
        sum(one.quota for one in members),
        len(members),
    )
