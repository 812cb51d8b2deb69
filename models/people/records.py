"""What the outside sees of users."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a user may do (rules 11)."""

    REPRESENTATIVE = "representative"
    EXECUTIVE = "executive"
    CONSULTANT = "consultant"
    MANAGER = "manager"
    SERVICE = "service"
    OPERATIONS = "operations"


ROLE_NAMES = {
    Role.REPRESENTATIVE: "account representative",
    Role.EXECUTIVE: "account executive",
    Role.CONSULTANT: "technical consultant",
    Role.MANAGER: "sales manager",
    Role.SERVICE: "service agent",
    Role.OPERATIONS: "sales operations",
}


class Actor(NamedTuple):
    """Who does something, and through which path (key, bulk, cli, import, undo)."""

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    team_id: int | None
    path: str = "key"

    def has(self, role: Role) -> bool:
        """Return whether the user holds `role`."""
        return role in self.roles


class User(NamedTuple):
    """A row of the user list."""

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    team: str
    manager: str
    territory: str
    is_active: bool
