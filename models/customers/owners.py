"""Who looks after a customer that has no owner yet (rules 12)."""

from __future__ import annotations

import re
from collections import defaultdict

from models.database import execute
from models.people.records import Role

_SEPARATORS = re.compile(r"[,;/]")


class Allotment:
    """Hands out customers: the rep of the territory (state) first, then the one with the fewest customers.

    Reads users and their counts once, and counts along, so that it serves a million customers as well as one.
    """

    def __init__(self) -> None:
        self._counts: dict[int, int] = defaultdict(int)
        rows = execute("SELECT owner_id, count(*) FROM customer WHERE owner_id IS NOT NULL GROUP BY owner_id")
        self._counts.update(dict(rows.fetchall()))
        self._everywhere: dict[Role, list[int]] = {}
        self._by_state: dict[Role, dict[str, list[int]]] = {}
        for role in (Role.REPRESENTATIVE, Role.EXECUTIVE):
            users = execute(
                "SELECT u.id, u.territory FROM app_user u JOIN user_role r ON r.user_id = u.id"
                " WHERE u.active = 1 AND r.role = ? ORDER BY u.login",
                (role,),
            ).fetchall()
            self._everywhere[role] = [user_id for user_id, _ in users]
            states: dict[str, list[int]] = defaultdict(list)
            for user_id, territory in users:
                for state in _SEPARATORS.split(territory):
                    if state.strip():
                        states[state.strip().casefold()].append(user_id)
            self._by_state[role] = states

    def next_owner(self, kind: str, state: str) -> int | None:
        """Return the owner for a customer of this kind and state and count them; None if nobody has the role."""
        role = Role.EXECUTIVE if kind == "corporate" else Role.REPRESENTATIVE
        candidates = self._by_state[role].get(state.strip().casefold()) or self._everywhere[role]
        if not candidates:
            return None
        chosen = min(candidates, key=self._counts.__getitem__)
        self._counts[chosen] += 1
        return chosen


def is_fit(user_id: int | None, kind: str) -> bool:
    """Return whether the user holds the role that looks after customers of this kind."""
    role = Role.EXECUTIVE if kind == "corporate" else Role.REPRESENTATIVE
    row = execute(
        "SELECT 1 FROM user_role r JOIN app_user u ON u.id = r.user_id"
        " WHERE r.user_id = ? AND r.role = ? AND u.active = 1",
        (user_id, role),
    ).fetchone()
    return row is not None
