"""Which rows that name a company belong to one account (rules 4.8); pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from importers.standardise import code, company, fold

# Mail of these says nothing about whom somebody works for.
_PUBLIC_MAIL = frozenset({"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com",
                          "icloud.com", "me.com", "aol.com", "gmx.com", "gmx.net", "proton.me", "protonmail.com",
                          "msn.com"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A row that names a company, or (with `account` set) an account that is there already."""

    ident: int
    name: str
    emails: frozenset[str]
    postcodes: frozenset[str]
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """Rows that are one account; `account` is the existing customer they join, if any."""

    rows: tuple[int, ...]
    account: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Two companies of one name that share neither domain nor postcode: a person decides."""

    left: int
    right: int


def domain(email: str) -> str:
    """Return the domain of an address, empty for public mail and for none."""
    _, at, host = fold(email).rpartition("@")
    return host if at and host not in _PUBLIC_MAIL else ""


def group(rows: Sequence[CompanyRow]) -> tuple[list[Company], list[Namesakes]]:
    """Put together rows of the same normalised name that share a domain or a postcode.

    Rows without a name (an account type alone) stay for themselves. Where a group holds several accounts that
    exist already, the oldest is joined. Companies come in the order of their first row.
    """
    by_name: dict[str, list[CompanyRow]] = defaultdict(list)
    companies: list[Company] = []
    namesakes: list[Namesakes] = []
    for row in rows:
        if key := company(row.name):
            by_name[key].append(row)
        elif row.account is None:
            companies.append(Company((row.ident,), None, row.name))
    for members in by_name.values():
        connected = _connected(members)
        groups = [group for group in connected if any(row.account is None for row in group)]
        for found in groups:
            accounts = [row.account for row in found if row.account is not None]
            idents = tuple(row.ident for row in found if row.account is None)
            name = next(row.name for row in found if row.account is None)
            companies.append(Company(idents, min(accounts, default=None), name))
            known = [row.ident for row in found if row.account is not None]
            namesakes += [Namesakes(known[0], other) for other in known[1:] if other != known[0]]
        others = [group for group in connected if all(row.account is not None for row in group)]
        firsts = [next(row.ident for row in group if row.account is None) for group in groups]
        firsts += [group[0].ident for group in others]
        namesakes += [Namesakes(firsts[0], other) for other in firsts[1:]]
    companies.sort(key=lambda company: company.rows[0])
    return companies, namesakes


def _connected(rows: list[CompanyRow]) -> list[list[CompanyRow]]:
    """Union rows that share a domain or a postcode; order is kept."""
    parent = list(range(len(rows)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    seen: dict[str, int] = {}
    for at, row in enumerate(rows):
        tokens = [f"@{found}" for email in row.emails if (found := domain(email))]
        tokens += [f"#{found}" for postcode in row.postcodes if (found := code(postcode))]
        for token in tokens:
            first = seen.setdefault(token, at)
            low, high = sorted((root(first), root(at)))
            parent[high] = low
    groups: dict[int, list[CompanyRow]] = defaultdict(list)
    for at, row in enumerate(rows):
        groups[root(at)].append(row)
    return list(groups.values())
