"""Made-up deals and an in-memory source for the board's tests."""

from __future__ import annotations

import asyncio
import datetime as dt
from array import array
from collections.abc import Sequence

from contoso_tui.widgets.board_model import FirstWindow
from models.deals.records import DealCard, Outcome, Stage, StageTotal, TechState

TODAY = dt.date(2026, 11, 18)
_NAMES = (("Qualify", 14), ("Develop", 14), ("Quote", 14), ("Tech Check", 7), ("Close", 10))
STAGES = [
    Stage(
        id=name.lower().replace(" ", "_"),
        name=name,
        position=place,
        probability_percent=20 * place + 10,
        age_limit_days=limit,
        is_first=place == 0,
        is_last=place == len(_NAMES) - 1,
        is_tech_check=name == "Tech Check",
    )
    for place, (name, limit) in enumerate(_NAMES)
]


def make_card(number: int = 1, **changes: object) -> DealCard:
    """Return a deal as plain as can be, with some fields changed."""
    card = DealCard(
        id=number,
        customer_id=number,
        customer=f"Customer {number}",
        is_corporate=True,
        what="Site S8",
        stage="qualify",
        outcome=Outcome.OPEN,
        owner="ana.wu",
        amount_minor=1_200_000,
        currency="USD",
        amount_usd_cents=1_200_000,
        tech=TechState.NOT_NEEDED,
        stage_age_days=4,
        stage_limit_days=14,
        next_step="Call",
        next_step_on=TODAY + dt.timedelta(days=2),
        next_step_minute=None,
        late_working_days=0,
        unpaid_minor=0,
        unpaid_since=None,
        open_cases=0,
        has_high_case=False,
        close_on=None,
        version=1,
    )
    return card._replace(**changes)  # type: ignore[arg-type]


def many_cards(count: int, stages: Sequence[Stage] = STAGES) -> dict[int, DealCard]:
    """Return `count` deals, one stage after the other."""
    return {number: make_card(number, stage=stages[(number - 1) % len(stages)].id) for number in range(1, count + 1)}


class MemorySource:
    """A view of deals in a dict; counts what is read and can be held up."""

    def __init__(
        self, deals: dict[int, DealCard], *, is_complete: bool = True, stages: Sequence[Stage] = STAGES
    ) -> None:
        self.deals = deals
        self.stages = stages
        self.is_complete = is_complete
        self.reads: list[str] = []
        self.cards_read = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def first(self, stages: Sequence[str], rows: int) -> FirstWindow:
        self.reads.append("first")
        every = {stage: self._ids(stage) for stage in stages}
        cards = [self.deals[number] for ids in every.values() for number in ids[:rows]]
        ids = every if self.is_complete else {stage: each[:rows] for stage, each in every.items()}
        return FirstWindow(ids, cards, self._totals(), self.is_complete)

    async def totals(self) -> Sequence[StageTotal]:
        self.reads.append("totals")
        return self._totals()

    async def column_ids(self, stage: str) -> array[int]:
        self.reads.append("ids")
        await self.gate.wait()
        return self._ids(stage)

    async def cards(self, ids: Sequence[int]) -> Sequence[DealCard]:
        self.reads.append("cards")
        await self.gate.wait()
        self.cards_read += len(ids)
        return [self.deals[number] for number in ids if number in self.deals]

    def _ids(self, stage: str) -> array[int]:
        return array("q", (number for number, card in self.deals.items() if card.stage == stage))

    def _totals(self) -> list[StageTotal]:
        totals = []
        for stage in self.stages:
            amounts = [card.amount_usd_cents for card in self.deals.values() if card.stage == stage.id]
            totals.append(StageTotal(stage.id, len(amounts), sum(amounts), sum(amounts) // 2, 4, 0))
        return totals
