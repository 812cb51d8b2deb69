"""The board's own words: what is under the cursor, the figures of the first row, the counts of warnings. Pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from contoso_tui import formats
from contoso_tui.signs import LOWER_SCORE
from contoso_tui.text import Piece, cells, clean, cut, ranked
from contoso_tui.widgets.card import tech_sign
from models.deals.records import Closing, DealCard, Outcome, StageTotal, TechState

if TYPE_CHECKING:
    # The first frame is drawn with these words before Textual is imported.
    from contoso_tui.widgets.rows import Part

# In words, and shorter.
_TECH_TOLD = {
    TechState.DUE: ("tech check needed, over {limit}", "over {limit}"),
    TechState.DRAFT: ("tech check begun", "begun"),
    TechState.PASSED: ("tech check signed", "signed"),
    TechState.PASSED_WITH_CONDITIONS: ("signed with conditions", "with conditions"),
    TechState.FAILED: ("tech check failed", "failed"),
    TechState.STALE: ("sign-off stale, terms changed", "sign-off stale"),
}
_NAME_CELLS = 20
"""Warnings give way before a name gets shorter than this."""
SMALLEST = (60, 16)
"""Cells and rows of the smallest window with columns; in others deals stand in a plain list."""
_OPEN_CHECKS = frozenset({TechState.DUE, TechState.DRAFT, TechState.STALE, TechState.FAILED})


def detail(card: DealCard | None, limit_usd_cents: int, today: dt.date, width: int, *, is_wide: bool) -> list[Part]:
    """Return the line about the deal under the cursor: a long name is cut, id and amount never, the rest as room is."""
    if card is None:
        return []
    name = clean(f"{card.customer} · {card.what}" if is_wide and card.what else card.customer)
    pieces: list[Piece] = [(0, "text", (formats.deal_id(card.id),))]
    pieces.append((0, "text", (formats.money(card.amount_minor, card.currency),)))
    pieces += _state_pieces(card, limit_usd_cents, today, is_wide=is_wide)
    if is_wide and card.next_step and card.outcome is Outcome.OPEN:
        when = f" {formats.day(card.next_step_on, today)}" if card.next_step_on else ""
        pieces.append((7, "dim", (f"next: {clean(card.next_step)}{when}", "")))
    pieces.append((8, "dim", (card.owner, "")))
    room = width - len("  · ")
    told = ranked(pieces, room - min(cells(name), _NAME_CELLS))
    name = cut(name, max(room - sum(cells(text) for text, _ in told), 1))
    return [(f" {name}", "heading"), (" · ", "text"), *told]


def _state_pieces(card: DealCard, limit_usd_cents: int, today: dt.date, *, is_wide: bool) -> list[Piece]:
    """Return how the deal ended, its tech check and what is wrong at the customer, each with shorter forms."""
    money = formats.money if is_wide else formats.money_whole
    pieces: list[Piece] = []
    sign = tech_sign(card)
    if card.outcome is not Outcome.OPEN:
        word = card.outcome.replace("_", " ")
        on = f" {formats.on_day(card.closed_on, today)}" if card.closed_on is not None else ""
        why = f": {clean(card.lost_reason)}" if card.lost_reason else ""
        pieces.append((1, "text", (f"{word}{on}{why}", f"{word}{why}", word)))
    if sign is not None:
        long, short = _TECH_TOLD[card.tech]
        limit = money(limit_usd_cents)
        forms = [f"{sign[0]} {form.format(limit=limit)}" for form in ((long, short) if is_wide else (short,))]
        pieces.append((2, sign[1], (*forms, sign[0])))
    if card.unpaid_minor:
        owed = money(card.unpaid_minor)
        days = f" ({(today - card.unpaid_since).days}d)" if card.unpaid_since and card.unpaid_since < today else ""
        pieces.append((3, "late", (f"unpaid {owed}{days}", f"unpaid {owed}", f"$! {owed}", "$!")))
    if card.open_cases:
        told = formats.counted(card.open_cases, "open case")
        urgent = card.has_high_case
        short = f"C{card.open_cases}{'!' if urgent else ''}"
        pieces.append((4, "late" if urgent else "soon", (f"{told}{', high' if urgent else ''}", short)))
    if card.score_drop and card.outcome is Outcome.OPEN:
        pieces.append((5, "soon", (f"{LOWER_SCORE} scored {card.score_drop} less than before", LOWER_SCORE)))
    return pieces


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


def figures(
    login: str,
    totals: Iterable[StageTotal] | None,
    points: int | None,
    quota: int | None,
    today: dt.date,
    room: int,
    closed: Closed | None = None,
) -> str:
    """Return the right side of the first row: user, quarter, open, weighted, points of the month; as many as fit.

    Points that are not read yet leave their room free; without a quota there are none. Views of closed deals have no
    `totals` of open ones, but once it is read `closed`: what was won or lost in the quarter.
    """
    quarter = f"Q{(today.month + 2) // 3}"
    pieces: list[Piece] = [(0, "dim", (login,))]
    if totals is not None:
        held = list(totals)
        amount = formats.money_short(sum(total.amount_usd_cents for total in held))
        weighted = formats.money_short(sum(total.weighted_usd_cents for total in held))
        pieces += [(4, "dim", (quarter,)), (1, "dim", (f"{amount} open",)), (3, "dim", (f"{weighted} wtd",))]
    elif closed is not None:
        amount = formats.money_short(sum(found.amount_usd_cents for found in closed.found))
        count = sum(found.deals for found in closed.found)
        pieces += [(1, "dim", (f"{quarter}  {count} {closed.word}",)), (1, "dim", (amount,))]
    if quota is not None:
        goal = f"/{quota}"
        shown = f"pts {points}{goal}" if points is not None else ""
        pieces.append((2, "dim", (f"{shown:>{len('pts ') + 2 * len(goal) - 1}}",)))
    return "".join(text for text, _ in ranked(pieces, room - 2, "  ")) + " "


def quarter_start(today: dt.date) -> dt.date:
    """Return the first day of the quarter."""
    return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)


class Closed(NamedTuple):
    """What of a view of closed deals was closed in the quarter."""

    word: str
    found: Sequence[Closing]

    def parts(self, names: Mapping[str, str], room: int) -> list[Part]:
        """Return for what reasons deals were lost, the most frequent first, as many as fit; `names` by their ids."""
        known = {**names, "disqualified": "no fit"}
        pieces: list[Piece] = [
            (rank, "text", (f"{known.get(one.reason, one.reason).lower()} {one.deals}",))
            for rank, one in enumerate(self.found, 1)
            if one.reason
        ]
        if not pieces:
            return []
        return [*ranked([(0, "dim", ("lost this quarter:",)), *pieces], room - 1, "  "), (" ", "text")]


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
        found: list[Part] = []
        for count, text, style in (
            (self.late, f"! {self.late} late", "late"),
            (self.without_step, f"- {self.without_step} no next step", "soon"),
            (self.checks, f"T? {formats.counted(self.checks, 'tech check')} due", "soon"),
            (self.unpaid, f"$! {self.unpaid} unpaid", "late"),
        ):
            if count:
                found += [(text, style), ("   ", "text")]
        return [*found[:-1], (" ", "text")] if found else [("nothing late ", "good")]
