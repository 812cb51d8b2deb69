"""The board's own words: what is under the cursor, the figures of the first row, the counts of warnings. Pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from contoso_tui import formats
from contoso_tui.text import clean
from models.deals.records import DealCard, Outcome, StageTotal, TechState

if TYPE_CHECKING:
    # The first frame is drawn with these words before Textual is imported.
    from contoso_tui.widgets.rows import Part

_TECH_SHORT = {
    TechState.DUE: ("T? over {limit}", "soon"),
    TechState.DRAFT: ("T* tech check begun", "draft"),
    TechState.PASSED: ("T+ signed", "good"),
    TechState.PASSED_WITH_CONDITIONS: ("TC signed with conditions", "soon"),
    TechState.FAILED: ("TX tech check failed", "late"),
    TechState.STALE: ("T~ sign-off stale, terms changed", "soon"),
}
_TECH_LONG = {TechState.DUE: ("T? tech check needed, over {limit}", "soon")}
_ALL_FIGURES_FROM = 72
SMALLEST = (60, 16)
"""Cells and rows of the smallest window with columns; in others deals stand in a plain list."""
_OPEN_CHECKS = frozenset({TechState.DUE, TechState.DRAFT, TechState.STALE, TechState.FAILED})


def detail(card: DealCard | None, limit_usd_cents: int, today: dt.date, *, is_wide: bool) -> list[Part]:
    """Return the line about the deal under the cursor."""
    if card is None:
        return []
    name = f"{card.customer} · {card.what}" if is_wide and card.what else card.customer
    parts: list[Part] = [(f" {clean(name)}", "heading"), (f" · {formats.deal_id(card.id)}", "text")]
    if is_wide:
        parts.append((f" · {formats.money(card.amount_minor, card.currency)}", "text"))
    if card.outcome is not Outcome.OPEN:
        parts.append((f" · {card.outcome.replace('_', ' ')}", "text"))
    known = {**_TECH_SHORT, **_TECH_LONG} if is_wide else _TECH_SHORT
    if card.tech in known:
        text, style = known[card.tech]
        limit = formats.money(limit_usd_cents) if is_wide else formats.money_whole(limit_usd_cents)
        parts += [(" · ", "text"), (text.format(limit=limit), style)]
    if card.unpaid_minor:
        unpaid = formats.money if is_wide else formats.money_whole
        days = f" ({(today - card.unpaid_since).days}d)" if card.unpaid_since and card.unpaid_since < today else ""
        parts += [(" · ", "text"), (f"unpaid {unpaid(card.unpaid_minor)}{days}", "late")]
    if card.open_cases:
        cases = "1 open case" if card.open_cases == 1 else f"{card.open_cases} open cases"
        urgent = card.has_high_case
        parts += [(" · ", "text"), (f"{cases}{', high' if urgent else ''}", "late" if urgent else "soon")]
    if is_wide and card.next_step:
        when = formats.day(card.next_step_on, today) if card.next_step_on else ""
        parts.append((f" · next: {clean(card.next_step)} {when}", "dim"))
    if card.tech not in known and not is_wide:
        parts.append((f" · {formats.money(card.amount_minor, card.currency)} · {card.owner}", "dim"))
    return parts


def too_small(width: int, height: int) -> list[str]:
    """Say which window shows the columns, where there is room for a plain list only."""
    return [] if width >= SMALLEST[0] and height >= SMALLEST[1] else [f"{SMALLEST[0]}x{SMALLEST[1]} shows the board"]


def nothing_found(view: str, text: str, elsewhere: int) -> str:
    """Say that a view is empty, and how many deals of other owners the filter would find."""
    if not text:
        return f"No deals in {view}. v next view, n new deal"
    return f"No deal matches '{text}' in {view}. esc clear, v all owners ({elsewhere} match)"


def shell_values(card: DealCard, stages: Sequence[str]) -> dict[str, str]:
    """Return what fills the places of shell forms for a deal, given the ids of its pipeline's stages."""
    shown = formats.deal_id(card.id)
    place = stages.index(card.stage) if card.stage in stages else 0
    return {
        "deal": shown,
        "id": shown,
        "customer": formats.customer_id(card.customer_id),
        "next_stage": stages[min(place + 1, len(stages) - 1)],
        "previous_stage": stages[max(place - 1, 0)],
    }


def copy_texts(card: DealCard) -> dict[str, str]:
    """Return what the copy menu offers of a deal."""
    amount = formats.money(card.amount_minor, card.currency)
    values = {
        "id": formats.deal_id(card.id),
        "customer": card.customer,
        "what": card.what,
        "stage": card.stage,
        "amount": amount,
        "owner": card.owner,
        "next_step": card.next_step,
        "next_step_on": card.next_step_on.isoformat() if card.next_step_on else None,
    }
    line = f"{values['id']}  {card.customer}  {card.what}  {amount}  {card.stage}  {card.next_step}"
    return {
        "i": formats.deal_id(card.id),
        "n": card.customer,
        "l": line,
        "j": json.dumps(values, ensure_ascii=False),
    }


def figures(totals: Iterable[StageTotal], points: int | None, quota: int | None, today: dt.date, width: int) -> str:
    """Return the sums of the first row: quarter, open, weighted, points of the month; fewer on a narrow terminal.

    Points that are not read yet leave their room free; without a quota there are none.
    """
    scored = ""
    if quota is not None:
        goal = f"/{quota}"
        shown = f"pts {points}{goal}" if points is not None else ""
        scored = f"  {shown:>{len('pts ') + 2 * len(goal) - 1}}"
    held = list(totals)
    amount = formats.money_short(sum(total.amount_usd_cents for total in held))
    if width < _ALL_FIGURES_FROM:
        return f"{amount} open{scored} "
    weighted = formats.money_short(sum(total.weighted_usd_cents for total in held))
    return f"Q{(today.month + 2) // 3}  {amount} open  {weighted} wtd{scored} "


class Warnings(NamedTuple):
    """How many deals of a view need a look."""

    late: int = 0
    without_step: int = 0
    checks: int = 0
    unpaid: int = 0

    @classmethod
    def of(cls, cards: Sequence[DealCard]) -> Warnings:
        """Count them."""
        return cls(
            late=sum(card.late_working_days > 0 for card in cards),
            without_step=sum(not card.next_step and card.next_step_on is None for card in cards),
            checks=sum(card.tech in _OPEN_CHECKS for card in cards),
            unpaid=sum(card.unpaid_minor > 0 for card in cards),
        )

    def parts(self) -> list[Part]:
        """Return them in words, those that are not 0."""
        checks = "tech check" if self.checks == 1 else "tech checks"
        found: list[Part] = []
        for count, text, style in (
            (self.late, f"! {self.late} late", "late"),
            (self.without_step, f"- {self.without_step} no next step", "soon"),
            (self.checks, f"T? {self.checks} {checks} due", "soon"),
            (self.unpaid, f"$! {self.unpaid} unpaid", "late"),
        ):
            if count:
                found += [(text, style), ("   ", "text")]
        return [*found[:-1], (" ", "text")] if found else [("nothing late ", "good")]
