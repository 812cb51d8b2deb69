"""Who looks after a customer that has no owner yet (rules 12)."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection

from models import clock, journal, process
from models.customers import follow_ups
from models.database import execute, raw_connection
from models.errors import NotAllowedError, RefusedError
from models.people.records import Actor, Role

_SEPARATORS = re.compile(r"[,;/]")


class Allotment:
    """Hands out customers as the process says (`owner_assignment`): each of its ways narrows the choice.

    "territory" keeps those who have the customer's state, if any has; "fewest" those with the fewest customers. Among
    who is left the first login gets the customer. Reads users and their counts once, and counts along, so that it
    serves a million customers as well as one.
    """

    def __init__(self) -> None:
        self._counts: dict[int, int] = defaultdict(int)
        rows = execute("SELECT owner_id, count(*) FROM customer WHERE owner_id IS NOT NULL GROUP BY owner_id")
        self._counts.update(dict(rows.fetchall()))
        self._ways = process.current().owner_assignment
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
        candidates = self._everywhere[role]
        if not candidates:
            return None
        for way in self._ways["corporate" if kind == "corporate" else "individual"]:
            if len(candidates) == 1:
                break
            if way == "territory":
                theirs = self._by_state[role].get(state.strip().casefold(), ())
                # Before another way has narrowed the choice, it is the list of that state itself.
                narrowed = theirs if candidates is self._everywhere[role] else [u for u in candidates if u in theirs]
                candidates = list(narrowed) or candidates
            else:
                least = min(map(self._counts.__getitem__, candidates))
                candidates = [user_id for user_id in candidates if self._counts[user_id] == least]
        chosen = candidates[0]
        self._counts[chosen] += 1
        return chosen


def assign_by_rule(actor: Actor, now: dt.datetime, customer_ids: Collection[int] = ()) -> int:
    """Give customers without an owner one by rule, all or those named, in one action; return how many got one.

    All means online customers and corporate accounts: who is known from stores alone has nobody.

    Raises:
        NotAllowedError: the actor is neither a manager nor operations.
        RefusedError: nobody has the role that a customer needs, or none is without an owner.
    """
    if not actor.has(Role.MANAGER) and not actor.has(Role.OPERATIONS):
        raise NotAllowedError("Only a manager or sales operations can give out customers by rule")
    wanted = set(customer_ids)
    found = [
        row
        for row in execute(
            "SELECT id, kind, state FROM customer c WHERE owner_id IS NULL AND merged_into_id IS NULL"
            " AND (? OR kind = 'corporate'"
            " OR EXISTS (SELECT 1 FROM source_record r WHERE r.customer_id = c.id AND r.source = 'con')) ORDER BY id",
            (bool(wanted),),
        ).fetchall()
        if not wanted or row[0] in wanted
    ]
    if not found:
        raise RefusedError("No such customer is without an owner: nothing was changed")
    with journal.action(actor._replace(path="bulk"), now, "customer.assign", "Gave out customers by rule") as made:
        allotment = Allotment()
        given = [
            (owner, clock.to_micros(now), customer_id)
            for customer_id, kind, state in found
            if (owner := allotment.next_owner(kind, state)) is not None
        ]
        if not given:
            raise RefusedError("Nobody has the role that looks after these customers: contoso user shows the roles")
        raw_connection().executemany("UPDATE customer SET owner_id = ?, updated_at = ? WHERE id = ?", given)
        follow_ups.hand_out(actor, now)
        made.summary = f"Gave {len(given):,} customer{'s' if len(given) != 1 else ''} an owner by rule"
    return len(given)


def is_fit(user_id: int | None, kind: str) -> bool:
    """Return whether the user holds the role that looks after customers of this kind."""
    role = Role.EXECUTIVE if kind == "corporate" else Role.REPRESENTATIVE
    row = execute(
        "SELECT 1 FROM user_role r JOIN app_user u ON u.id = r.user_id"
        " WHERE r.user_id = ? AND r.role = ? AND u.active = 1",
        (user_id, role),
    ).fetchone()
    return row is not None
