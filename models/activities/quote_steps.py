"""What sending a quote makes besides: the call that asks what the customer thinks of it."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models import clock, journal, meanwhile
from models.activities import next_steps
from models.activities.records import NextStep
from models.database import company_zone, days_off
from models.deals import quotes
from models.deals.detail_records import Quote
from models.ids import show_quote
from models.people.records import Actor
from models.working_days import roll_forward

CALL_AFTER_DAYS = 3
"""Calendar days from sending to the call, rolled to a working day as in nurture."""
_LEAVES = ("addressee", "valid_until", "note", "currency")


class Coming(NamedTuple):
    """The next step that a deal has once its quote is sent."""

    text: str
    on: dt.date
    counted_on: dt.date | None = None
    """Of a step that sending makes: the day before it was rolled to a working day. None where a planned one stays."""
    whom: str = ""
    """Who is called."""
    present: NextStep | None = None
    """The step that stands before."""

    @property
    def is_made(self) -> bool:
        """Whether sending makes it."""
        return self.counted_on is not None

    @property
    def instead_of(self) -> str:
        """The step whose place it takes, empty for none."""
        return self.present.text if self.is_made and self.present is not None else ""


def coming(quote: Quote, now: dt.datetime) -> Coming:
    """Return what the deal's next step is after `quote` is sent.

    What is planned for a later day, or for today at a time of day, stays; the call takes the place of what is late, or
    was due any time today.
    """
    today = clock.local_date(now, company_zone())
    present = next_steps.find(quote.deal_id)
    if present is not None and (present.on > today or (present.on == today and present.minute is not None)):
        return Coming(present.text, present.on, present=present)
    whom = quote.addressee.strip() or quote.customer
    counted = today + dt.timedelta(days=CALL_AFTER_DAYS)
    text = f"Call {whom} about {show_quote(quote.number, quote.revision)}"
    return Coming(text, roll_forward(counted, days_off()), counted, whom, present)


def send(
    actor: Actor,
    now: dt.datetime,
    quote_id: int,
    *,
    keep_step: bool = False,
    seen: Quote | None = None,
    told: Coming | None = None,
) -> Coming | None:
    """Send a draft and plan the call about it; return the deal's next step. Never undone.

    With `keep_step` the deal's next step stays as it is, None if it has none. `seen` is the draft as the actor saw it,
    `told` what they were told of the next step.

    Raises:
        ChangedMeanwhileError: `seen` or `told` is given, and the draft, or the step to be replaced, is another by now.
        RefusedError: what `quotes.send` refuses.
    """
    quote = quotes.get(quote_id, now)
    name = show_quote(quote.number, quote.revision)
    with journal.action(actor, now, "quote.send", f"Sent {name} to {quote.customer}", can_undo=False):
        quote = quotes.get(quote_id, now)
        if seen is not None:
            _require_same(name, quote, seen)
        quotes.send(actor, now, quote_id)
        if keep_step:
            present = next_steps.find(quote.deal_id)
            return Coming(present.text, present.on) if present is not None else None
        found = coming(quote, now)
        if found.is_made:
            stood = next_steps.standing(told.present) if told is not None else None
            next_steps.set_step(actor, now, quote.deal_id, found.text, found.on, seen=stood)
        return found


def _require_same(name: str, quote: Quote, seen: Quote) -> None:
    stands, saw = ({field: getattr(one, field) for field in _LEAVES} for one in (quote, seen))
    meanwhile.require_seen("quote", quote.id, name, stands, saw)
    differing = sorted(line.id for line in set(quote.lines) ^ set(seen.lines))
    if differing:
        meanwhile.require_seen("quote_line", differing[0], name, {"lines": quote.lines}, {"lines": seen.lines})
