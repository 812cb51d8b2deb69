"""How a customer buys, from how recently, how often and for how much; pure functions.

The limits are fixed, not quintiles of all customers: a customer's segment says something of them alone, changes only
when they buy or time passes, and needs no look at anybody else. Docs: `docs/customers.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from models.customers.records import Measures, Segment

# Grades 5, 4, 3 and 2; what is beyond the last is 1.
RECENCY_DAYS = (90, 180, 365, 730)
"""At most so many days since the last purchase."""
FREQUENCY_BASKETS = (10, 6, 3, 2)
"""At least so many baskets ever."""
VALUE_MINOR = (5_000_00, 2_000_00, 750_00, 200_00)
"""At least so much spent ever, in US cents."""
NOBODY = "never bought"


def judge(measures: Measures, today: dt.date) -> Segment:
    """Return the segment of a customer on a day."""
    if measures.last_purchase_on is None:
        return Segment(NOBODY, 0, 0, 0)
    days = (today - measures.last_purchase_on).days
    recency = _grade([days <= limit for limit in RECENCY_DAYS])
    frequency = _grade([measures.baskets >= limit for limit in FREQUENCY_BASKETS])
    value = _grade([measures.spend_minor >= limit for limit in VALUE_MINOR])
    return Segment(name(recency, frequency, value), recency, frequency, value)


def _grade(reached: Sequence[bool]) -> int:
    return next((5 - place for place, is_reached in enumerate(reached) if is_reached), 1)


def name(recency: int, frequency: int, value: int) -> str:
    """Return what grades from 1 to 5 are called."""
    if recency >= 4:
        if frequency >= 4 and value >= 4:
            return "champion"
        if frequency >= 3:
            return "loyal"
        return "new" if frequency == 1 else "promising"
    worth_it = frequency >= 4 or value >= 4
    if recency == 3:
        return "needs attention" if worth_it else "occasional"
    if worth_it:
        return "at risk" if recency == 2 else "to win back"
    return "fading" if recency == 2 else "lost"
