"""Every sign of the screens: how it looks, what it means, where it stands; for help and docs/keys.md. Pure."""

from __future__ import annotations

from typing import NamedTuple

from contoso_tui.signs import LOWER_SCORE, TECH
from models.deals.records import TechState


class Sign(NamedTuple):
    """A sign as it is written, its style, its meaning, and the scopes of the screens that show it."""

    text: str
    style: str
    means: str
    scopes: tuple[str, ...]


_TECH_MEANS = {
    TechState.DUE: "a tech check is needed and not signed",
    TechState.DRAFT: "a consultant has begun the tech check",
    TechState.PASSED: "tech check passed",
    TechState.PASSED_WITH_CONDITIONS: "tech check passed with conditions",
    TechState.FAILED: "tech check failed",
    TechState.STALE: "sign-off stale: amount or lines changed, or the deal went back",
}
_TECH_SCOPES: dict[TechState, tuple[str, ...]] = {
    state: ("board", "deal", "agenda", "quote")
    if state in (TechState.DUE, TechState.PASSED, TechState.STALE)
    else ("board", "deal", "agenda")
    for state in TECH
}

SIGNS: tuple[Sign, ...] = (
    Sign("! 3d", "late", "the next step is late, by so many working days", ("board", "deal", "agenda")),
    Sign("-", "soon", "no next step is planned", ("board", "deal")),
    Sign("21d!", "soon", "days in the stage, over its limit; red from twice the limit", ("board", "deal")),
    *(Sign(text, style, _TECH_MEANS[state], _TECH_SCOPES[state]) for state, (text, style) in TECH.items()),
    Sign(
        "$!", "late", "the customer owes us money past its due date", ("board", "deal", "agenda", "quote", "customer")
    ),
    Sign("C1", "soon", "so many cases of the customer are open", ("board", "deal", "agenda", "customer")),
    Sign("C2!", "late", "open cases, one of them of high severity", ("board", "deal", "agenda")),
    Sign(LOWER_SCORE, "soon", "the last assessment scored lower than one before it", ("board", "deal")),
    Sign("x", "soon", "the step is blocked: the customer wants no contact", ("agenda",)),
    Sign("1/4", "text", "which of the four steps of nurture", ("board", "agenda", "customer")),
    Sign("*", "mark", "marked: actions take all that are", ("board", "agenda", "customers", "quote")),
    Sign("^", "draft", "changed by someone else since you looked", ("board",)),
    Sign("+8", "dim", "so many more below, or in a folded column", ("board",)),
    Sign("=", "text", "another source says the same", ("customer",)),
    Sign("~", "text", "another source says nearly the same", ("customer",)),
    Sign("!", "soon", "sources disagree", ("customer",)),
    Sign("-", "dim", "a source has no value", ("customer",)),
)


def signs_of(scope: str) -> list[Sign]:
    """Return the signs that the screen of a scope shows."""
    return [sign for sign in SIGNS if scope in sign.scopes]
