"""What differs between two revisions of a quote; changing a draft with care, and a later day for one that was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from models import clock, journal, meanwhile
from models.clock import in_words
from models.database import company_zone, execute
from models.deals import quotes
from models.deals.detail_records import Line, Quote
from models.deals.details import get_detail
from models.deals.records import Outcome
from models.errors import RefusedError, UsageError
from models.ids import show_deal, show_quote
from models.people.permissions import require_work_on_deal
from models.people.records import Actor


class Difference(NamedTuple):
    """One line in two revisions; None where a revision has no such line."""

    before: Line | None
    after: Line | None

    @property
    def what(self) -> str:
        """Return the product."""
        line = self.after or self.before
        return line.description if line is not None else ""

    @property
    def change_minor(self) -> int:
        """Return how the net changes."""
        return (self.after.net_minor if self.after else 0) - (self.before.net_minor if self.before else 0)

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of what differs; "added" or "removed" for a line that is in one revision only."""
        if self.before is None or self.after is None:
            return ("removed",) if self.after is None else ("added",)
        names = ("quantity", "months", "price_minor", "discount_bp", "description")
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


def compare(before: Quote, after: Quote) -> list[Difference]:
    """Return every line of two revisions that differs, in the order of the newer one, then those that went."""
    return [pair for pair in match_lines(before, after) if pair.fields]


def match_lines(before: Quote, after: Quote) -> list[Difference]:
    """Return each line beside the one it was: of the same product, at the same place first, then in order."""
    left = list(before.lines)
    found: dict[int, Line] = {}
    for same_place in (True, False):
        for line in after.lines:
            if line.id in found:
                continue
            old = next(
                (
                    other
                    for other in left
                    if other.product_id == line.product_id and (other.position == line.position or not same_place)
                ),
                None,
            )
            if old is not None:
                found[line.id] = old
                left.remove(old)
    return [Difference(found.get(line.id), line) for line in after.lines] + [Difference(old, None) for old in left]


def change(actor: Actor, now: dt.datetime, quote_id: int, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Change fields of a draft, as `quotes.change` does, unless they no longer hold what the actor saw in them.

    Raises:
        ChangedMeanwhileError: they don't.
    """
    found = quotes.get(quote_id, now)
    name = show_quote(found.number, found.revision)
    with journal.action(actor, now, "quote.change", f"Changed {name}"):
        quote = quotes.get(quote_id, now)
        meanwhile.require_seen("quote", quote_id, name, {field: getattr(quote, field) for field in changes}, seen)
        quotes.change(actor, now, quote_id, **changes)


def extend(actor: Actor, now: dt.datetime, quote_id: int, to: dt.date) -> None:
    """Promise a sent quote to a later day, as accepting an expired one needs; what was sent stays as it was.

    Raises:
        NotAllowedError: the actor may not quote the deal.
        RefusedError: it isn't sent, or the deal is closed.
        UsageError: the day is past, or not later than the one that holds.
    """
    quote = quotes.get(quote_id, now)
    deal = get_detail(quote.deal_id, now)
    require_work_on_deal(actor, deal.id, deal.owner_id)
    name = show_quote(quote.number, quote.revision)
    if deal.outcome is not Outcome.OPEN:
        raise RefusedError(f"{show_deal(deal.id)} {deal.customer} is closed: its quotes are frozen")
    if quote.state not in ("sent", "expired"):
        raise RefusedError(f"{name} is {quote.state}: only a sent quote is extended")
    today = clock.local_date(now, company_zone())
    if to <= quote.valid_until or to < today:
        raise UsageError(f"{name} is valid to {in_words(quote.valid_until)}: extend it to a later day, after today")
    with journal.action(actor, now, "quote.extend", f"Extended {name} to {in_words(to)}"):
        execute("UPDATE quote SET extended_until = ? WHERE id = ?", (to.isoformat(), quote_id))
