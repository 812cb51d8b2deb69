"""Everything that a customer's screen shows but the timeline, read in one go on a reader thread."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from contoso_tui.screens import deal_orders
from contoso_tui.screens.deal_orders import DealOrders
from models import process
from models.activities import tasks
from models.activities.tasks import OpenTask
from models.customers import access, households, profiles, spending, timeline
from models.customers.records import CustomerProfile, Housemate, TimelineEntry
from models.customers.spending import Period
from models.deals import board, suggestions
from models.deals.records import DealCard, Outcome
from models.deals.suggestions import Suggestion
from models.errors import NotAllowedError
from models.merging import merges
from models.merging.merges import Merged
from models.nurture import enrolments, views
from models.nurture.records import EnrolmentDetail
from models.people.records import Actor

ACTIVE = frozenset(
    {
        "customer", "person", "activity", "deal", "quote", "quote_line", "tech_check", "enrolment", "enrolment_step",
        "customer_pin", "customer_merge", "import_run", "process_version", *deal_orders.ACTIVE,
    }
)  # fmt: skip
"""Journalled tables whose changes may show on a customer's screen."""
PAGE = 200
"""Entries of the timeline that are read at once."""


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A customer with all that tabs and panel show."""

    profile: CustomerProfile
    deals: tuple[DealCard, ...]
    stage_names: dict[str, str]
    months: tuple[Period, ...]
    years: tuple[Period, ...]
    enrolment: EnrolmentDetail | None
    """The one that runs."""
    orders: DealOrders
    household: tuple[Housemate, ...]
    """Who else seems to live where an individual does."""
    kinds: tuple[str, ...]
    codes: tuple[str, ...]
    """What the timeline can show: kinds of entries, codes of sources."""
    merged: tuple[Merged, ...]
    """Customers that were merged into this one, newest first."""
    tasks: tuple[OpenTask, ...]
    """What is planned besides next steps of deals and steps of nurture, the first due first."""
    suggestions: tuple[Suggestion, ...]
    """What to offer next."""
    why_no_edit: str
    """Why the reader may not change the customer; empty where they may."""

    @property
    def open_deals(self) -> tuple[DealCard, ...]:
        """Deals that are still worked on."""
        return tuple(deal for deal in self.deals if deal.outcome is Outcome.OPEN)

    @property
    def source_rows(self) -> int:
        """How many rows of the sources belong to the customer."""
        return len(self.profile.sources) + sum(found.rows for found in self.profile.owned)


@dataclass(frozen=True, slots=True)
class Shown:
    """Kinds and sources that the timeline shows; None for all."""

    kinds: frozenset[str] | None = None
    sources: frozenset[str] | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.kinds is None and self.sources is None


def read(customer_id: int, actor: Actor, now: dt.datetime, today: dt.date) -> CustomerPage:
    """Read a customer's page as `actor` may see it; `today` is the company's date.

    Raises:
        NotFoundError: there is no such customer, or it was merged into another.
    """
    profile = profiles.get_profile(customer_id, actor, now)
    running = enrolments.find_active(customer_id)
    rules = process.current()
    return CustomerPage(
        profile=profile,
        deals=tuple(sorted(board.list_for_customer(customer_id, now), key=lambda deal: deal.outcome != "open")),
        stage_names={stage.id: stage.name for stages in rules.pipelines.values() for stage in stages},
        months=spending.list_months(customer_id, today),
        years=spending.list_years(customer_id),
        enrolment=views.get(running, now) if running is not None else None,
        orders=deal_orders.read_customer(customer_id, today),
        household=households.list_household(customer_id),
        kinds=timeline.list_kinds(),
        codes=timeline.list_codes(),
        merged=tuple(merges.list_merged(customer_id)),
        tasks=tuple(tasks.list_open(customer_id)),
        suggestions=tuple(suggestions.list_suggestions(customer_id)),
        why_no_edit=_why_no_edit(actor, customer_id),
    )


def _why_no_edit(actor: Actor, customer_id: int) -> str:
    try:
        access.require_edit(actor, customer_id)
    except NotAllowedError as error:
        return error.message
    return ""


def read_timeline(
    customer_id: int, now: dt.datetime, shown: Shown, limit: int, before: tuple[object, ...] | None = None
) -> list[TimelineEntry]:
    """Read entries, newest first, those before the cursor `before`."""
    return timeline.list_timeline(
        customer_id, now, kinds=shown.kinds, sources=shown.sources, limit=limit, before=before
    )
