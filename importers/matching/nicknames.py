"""Given names that stand for one another: Bill and William."""

from __future__ import annotations

from functools import cache

from nicknames import NickNamer


@cache
def _names() -> NickNamer:
    return NickNamer()


@cache
def forms(given: str) -> frozenset[str]:
    """Return the first word of a standardised given name with the full names it may be short for."""
    first = given.partition(" ")[0]
    return frozenset({first, *_names().canonicals_of(first)})


def canonical(given: str) -> str:
    """Return the alphabetically first full name that a given name may be short for, else its first word."""
    first = given.partition(" ")[0]
    return min(forms(given) - {first}, default=first)
