"""One quote with its deal and other revisions, read in one go; and what sending it would do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from models import process
from models.activities import quote_steps
from models.activities.quote_steps import Coming
from models.deals import buying_centre, discounts, lines, quotes, tech_checks
from models.deals.buying_centre import DealPerson
from models.deals.detail_records import DealDetail, Line, Quote, TechCheckView
from models.deals.details import get_detail
from models.deals.discounts import Standing
from models.deals.records import Outcome
from models.ids import show_quote
from models.people.permissions import works_on_deal
from models.people.records import Actor

ACTIVE = (
    "deal",
    "deal_person",
    "quote",
    "quote_approval",
    "quote_approval_request",
    "quote_line",
    "activity",
    "deal_line",
    "customer",
    "process_version",
)
"""Journalled tables whose changes may show on a quote's screen."""


@dataclass(frozen=True, slots=True)
class QuotePage:
    """A quote as `actor` may act on it."""

    quote: Quote
    deal: DealDetail
    revisions: tuple[Quote, ...]
    """All quotes of the deal, newest first."""
    before: Quote | None
    """The revision before this one."""
    present_lines: tuple[Line, ...]
    """Lines of the document that makes the deal's amount now."""
    tech: TechCheckView
    limit_usd_cents: int
    last_stage: str
    may_work: bool
    discount: Standing
    """How its discounts stand for the actor."""
    centre: tuple[DealPerson, ...]
    """Who is on the deal on the customer's side."""
    coming: Coming | None
    """The deal's next step once this draft is sent; None for what is no draft, or of a closed deal."""

    @property
    def is_draft(self) -> bool:
        """Whether it can be edited."""
        return self.quote.state == "draft"

    @property
    def is_open(self) -> bool:
        """Whether the deal is still worked on."""
        return self.deal.outcome is Outcome.OPEN

    @property
    def net_usd_cents(self) -> int | None:
        """What its net would be in US cents at the deal's stored rate; None where there is no rate to take."""
        if self.quote.currency == "USD":
            return self.quote.net_minor
        if not self.deal.amount_minor:
            return None
        return self.quote.net_minor * self.deal.amount_usd_cents // self.deal.amount_minor

    @property
    def has_other_lines(self) -> bool:
        """Whether a sign-off for the present terms would not hold for this quote's lines."""
        return _solution(self.quote.lines) != _solution(self.present_lines)


def read(number: int, revision: int | None, actor: Actor, now: dt.datetime) -> QuotePage:
    """Read a quote: the given revision, else the newest.

    Raises:
        NotFoundError: there is none.
    """
    quote = quotes.find(number, revision, now)
    deal = get_detail(quote.deal_id, now)
    rules = process.current()
    found = quotes.list_for_deal(quote.deal_id, now)
    older = [other for other in found if other.number == quote.number and other.revision < quote.revision]
    present = next((other for other in found if _is_amount(other, deal)), None)
    return QuotePage(
        quote=quote,
        deal=deal,
        revisions=tuple(found),
        before=older[0] if older else None,
        present_lines=present.lines if present is not None else tuple(lines.list_lines(deal.id)),
        tech=tech_checks.get_view(deal.id, now),
        limit_usd_cents=rules.tech_check_limit_usd_cents,
        last_stage=rules.stages(deal.pipeline)[-1].name,
        may_work=works_on_deal(actor, deal.id, deal.owner_id),
        discount=discounts.standing(actor, quote),
        centre=buying_centre.list_people(deal.id),
        coming=quote_steps.coming(quote, now) if quote.state == "draft" and deal.outcome is Outcome.OPEN else None,
    )


def _is_amount(quote: Quote, deal: DealDetail) -> bool:
    return show_quote(quote.number, quote.revision) == deal.amount_quote


def _solution(found: tuple[Line, ...]) -> list[tuple[int, int, int]]:
    """Return what a sign-off binds: products, quantities and months, whatever their order."""
    return sorted((line.product_id, line.quantity, line.months or 0) for line in found)
