"""Users, teams and the login behind a session."""

from __future__ import annotations

import datetime as dt
import os
import pwd
from collections.abc import Iterable

from models import clock, journal
from models.database import execute
from models.errors import NotAllowedError, NotFoundError, RefusedError, UsageError
from models.people.records import Actor, Role, User


def system_login() -> str:
    """Return the login that the operating system reports; environment variables are not believed."""
    return pwd.getpwuid(os.geteuid()).pw_name


def get_actor(login: str, path: str = "key") -> Actor:
    """Return the active user `login` as an actor.

    Raises:
        NotAllowedError: the database doesn't know them, or they have left.
    """
    row = execute("SELECT id, login, name, team_id, active FROM app_user WHERE login = ?", (login,)).fetchone()
    if row is None or not row[4]:
        raise NotAllowedError(f"{login} is no user of this database: sales operations add one with contoso user add")
    return Actor(row[0], row[1], row[2], _roles(row[0]), row[3], path)


def _roles(user_id: int) -> frozenset[Role]:
    return frozenset(Role(r) for (r,) in execute("SELECT role FROM user_role WHERE user_id = ?", (user_id,)))


def list_users() -> list[User]:
    """Return all users by login."""
    rows = execute(
        "SELECT u.id, u.login, u.name, coalesce(t.name, ''), coalesce(m.login, ''), u.territory, u.active"
        " FROM app_user u LEFT JOIN team t ON t.id = u.team_id LEFT JOIN app_user m ON m.id = t.manager_id"
        " ORDER BY u.login"
    ).fetchall()
    return [
        User(i, login, name, _roles(i), team, boss, land, bool(on)) for i, login, name, team, boss, land, on in rows
    ]


def get_id(login: str) -> int:
    """Return the id of an active user.

    Raises:
        NotFoundError: there is none with that login.
    """
    row = execute("SELECT id FROM app_user WHERE login = ? AND active = 1", (login,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no active user {login}; contoso user list shows them")
    return int(row[0])


def list_logins(role: Role | None = None) -> list[str]:
    """Return the logins of active users, of one role if given."""
    if role is None:
        rows = execute("SELECT login FROM app_user WHERE active = 1 ORDER BY login")
    else:
        rows = execute(
            "SELECT u.login FROM app_user u JOIN user_role r ON r.user_id = u.id"
            " WHERE u.active = 1 AND r.role = ? ORDER BY u.login",
            (role,),
        )
    return [row[0] for row in rows.fetchall()]


def parse_roles(names: Iterable[str]) -> frozenset[Role]:
    """Read role names.

    Raises:
        UsageError: one is unknown.
    """
    try:
        return frozenset(Role(name.strip().lower()) for name in names)
    except ValueError as error:
        raise UsageError(f"{error}; the roles are {', '.join(Role)}") from None


def add_first(login: str, name: str, now: dt.datetime) -> Actor:
    """Make the maker of a new database its operations; call it inside an action."""
    cursor = execute(
        "INSERT INTO app_user (login, name, created_at) VALUES (?, ?, ?)", (login, name, clock.to_micros(now))
    )
    user_id = int(cursor.lastrowid or 0)
    for role in (Role.OPERATIONS, Role.REPRESENTATIVE, Role.EXECUTIVE):
        execute("INSERT INTO user_role (user_id, role) VALUES (?, ?)", (user_id, role))
    return get_actor(login)


def add(
    actor: Actor,
    now: dt.datetime,
    login: str,
    roles: Iterable[Role],
    *,
    name: str = "",
    team: str = "",
    territory: str = "",
) -> int:
    """Add a user; a team that doesn't exist yet is made. A manager who joins a team without one manages it.

    Raises:
        NotAllowedError: the actor isn't operations.
        RefusedError: the login exists.
    """
    _require_operations(actor)
    if execute("SELECT 1 FROM app_user WHERE login = ?", (login,)).fetchone():
        raise RefusedError(f"{login} is a user already; contoso user set changes them")
    with journal.action(actor, now, "user.change", f"Added user {login}", can_undo=False):
        cursor = execute(
            "INSERT INTO app_user (login, name, team_id, territory, created_at) VALUES (?, ?, ?, ?, ?)",
            (login, name or login, _team_id(team), territory, clock.to_micros(now)),
        )
        user_id = int(cursor.lastrowid or 0)
        _set_roles(user_id, frozenset(roles))
    return user_id


def change(
    actor: Actor,
    now: dt.datetime,
    login: str,
    *,
    name: str | None = None,
    roles: Iterable[Role] | None = None,
    team: str | None = None,
    territory: str | None = None,
    is_active: bool | None = None,
) -> None:
    """Change a user's name, roles, team, territory or whether they are active.

    Raises:
        NotAllowedError: the actor isn't operations.
        NotFoundError: there is no such user.
        RefusedError: nobody would be left in operations.
    """
    _require_operations(actor)
    row = execute("SELECT id FROM app_user WHERE login = ?", (login,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no user {login}; contoso user list shows them")
    user_id = int(row[0])
    with journal.action(actor, now, "user.change", f"Changed user {login}", can_undo=False):
        for column, value in (("name", name), ("territory", territory), ("active", is_active)):
            if value is not None:
                execute(f"UPDATE app_user SET {column} = ? WHERE id = ?", (value, user_id))
        if team is not None:
            execute("UPDATE app_user SET team_id = ? WHERE id = ?", (_team_id(team), user_id))
        if roles is not None:
            execute("DELETE FROM user_role WHERE user_id = ?", (user_id,))
            _set_roles(user_id, frozenset(roles))
        left = execute(
            "SELECT count(*) FROM app_user u JOIN user_role r ON r.user_id = u.id"
            " WHERE u.active = 1 AND r.role = 'operations'"
        ).fetchone()[0]
        if not left:
            raise RefusedError(f"{login} is the last one in operations: name another first")


def _set_roles(user_id: int, roles: frozenset[Role]) -> None:
    for role in sorted(roles):
        execute("INSERT INTO user_role (user_id, role) VALUES (?, ?)", (user_id, role))
    if Role.MANAGER in roles:
        execute(
            "UPDATE team SET manager_id = ? WHERE manager_id IS NULL"
            " AND id = (SELECT team_id FROM app_user WHERE id = ?)",
            (user_id, user_id),
        )


def _team_id(name: str) -> int | None:
    if not name:
        return None
    execute("INSERT INTO team (name) VALUES (?) ON CONFLICT (name) DO NOTHING", (name,))
    return int(execute("SELECT id FROM team WHERE name = ?", (name,)).fetchone()[0])


def _require_operations(actor: Actor) -> None:
    if not actor.has(Role.OPERATIONS):
        raise NotAllowedError("Only sales operations can change users")
