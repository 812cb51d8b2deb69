"""What the outside sees of customers: frozen records, made by the modules of this package."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any, NamedTuple


class Relation(StrEnum):
    """How what another record says relates to the value shown."""

    SAME = "same"
    ALIKE = "alike"
    DIFFERS = "differs"
    MISSING = "missing"

    @property
    def sign(self) -> str:
        """Return the sign on the screen."""
        return {"same": "=", "alike": "~", "differs": "!", "missing": "-"}[self.value]


class CustomerRow(NamedTuple):
    """One row of the list of customers."""

    id: int
    kind: str
    name: str
    owner_id: int | None
    owner: str
    """Login of the owner, empty for nobody."""
    email: str
    phone: str
    city: str
    state: str
    tier: str
    first_seen_on: dt.date | None
    open_deals: int
    unpaid_minor: int
    do_not_contact: bool


class OtherValue(NamedTuple):
    """What one more record says of a field, and how that relates to the value in use."""

    source: str
    key: str
    value: str
    relation: Relation


class ValueSource(NamedTuple):
    """One field of a customer: its value as text, where it comes from, and what the others say.

    `source` is con, loy, crm (entered here) or pin (chosen or typed by hand over what records say), "" for none;
    `key` is the record's. With `is_hidden` the actor may not see the field, and value and others are blank.
    """

    field: str
    label: str
    value: str
    source: str
    key: str
    others: tuple[OtherValue, ...]
    is_hidden: bool = False


class Channel(NamedTuple):
    """What a customer bought in one channel; `name` is the channel's, such as online."""

    source: str
    name: str
    amount_minor: int
    purchases: int


class Told(NamedTuple):
    """What one source of events tells of a customer in all; `name` is what its rows are, such as reviews.

    The average is of the rated ones, rounded half up, in hundredths; None where nothing is rated.
    """

    source: str
    name: str
    rows: int
    average_hundredths: int | None
    last_on: dt.date


class Measures(NamedTuple):
    """What a customer is worth and owes; amounts in US cents are 0 and never missing."""

    channels: tuple[Channel, ...]
    """Every source of purchases, also those in which nothing was bought."""
    baskets: int
    """Purchases of one day in one channel or store count as one basket."""
    points: int | None
    """The loyalty scheme's balance; None for who isn't a member."""
    last_purchase_on: dt.date | None
    told: tuple[Told, ...]
    """Every source of events, such as reviews, that tells something of the customer."""
    open_deals: int
    open_deals_usd_cents: int
    unpaid_minor: int
    unpaid_since: dt.date | None

    @property
    def spend_minor(self) -> int:
        """Return what the customer has spent in all channels."""
        return sum(channel.amount_minor for channel in self.channels)

    @property
    def purchases(self) -> int:
        """Return how many purchases there are in all channels."""
        return sum(channel.purchases for channel in self.channels)

    @property
    def average_basket_minor(self) -> int:
        """Return what a basket was worth on average, rounded half up; 0 without any."""
        return (2 * self.spend_minor + self.baskets) // (2 * self.baskets) if self.baskets else 0

    def channel(self, source: str) -> Channel:
        """Return what was bought in the channel of this source."""
        return next(channel for channel in self.channels if channel.source == source)


class SourceRow(NamedTuple):
    """A source record as it came: `cells` are (column, cell) in the file's order."""

    id: int
    source: str
    key: str
    rule: str
    """Why it belongs to this customer: first, declared, match, company."""
    evidence: str
    score: float | None
    run_id: int
    file: str
    line: int
    is_absent: bool
    cells: tuple[tuple[str, str], ...]


class OwnedSource(NamedTuple):
    """Rows of one source and the key by which they belong to the customer; `owner` is whose key, such as contact."""

    source: str
    owner: str
    owner_key: str
    rows: int


class Segment(NamedTuple):
    """How a customer buys: `name` in words, and grades from 1 to 5, 0 for who never bought."""

    name: str
    recency: int
    frequency: int
    value: int


class Housemate(NamedTuple):
    """Another individual who seems to live in the same household, and why, in words."""

    id: int
    name: str
    owner: str
    why: tuple[str, ...]


class Person(NamedTuple):
    """A person of a corporate account."""

    id: int
    account_id: int
    name: str
    position: str
    email: str
    phone: str
    email_subscriber: bool
    do_not_contact: bool
    bounces: int
    is_primary: bool


class CustomerProfile(NamedTuple):
    """Everything about a customer but the timeline; `income` and birth date are among `fields`, hidden or not."""

    id: int
    kind: str
    name: str
    owner_id: int | None
    owner: str
    owner_name: str
    origin: str
    email: str
    phone: str
    address: tuple[str, str, str, str, str]
    """Street, city, state, postcode, country."""
    tier: str
    email_subscriber: bool
    do_not_contact: bool
    lead_source: str
    first_seen_on: dt.date | None
    last_touch_at: dt.datetime | None
    open_cases: int
    has_high_case: bool
    measures: Measures
    segment: Segment
    fields: tuple[ValueSource, ...]
    rule: str
    sources: tuple[SourceRow, ...]
    owned: tuple[OwnedSource, ...]
    people: tuple[Person, ...]

    @property
    def is_corporate(self) -> bool:
        """Return whether it is a corporate account."""
        return self.kind == "corporate"


class TimelineEntry(NamedTuple):
    """One thing that happened with a customer.

    `kind` is one of `timeline.list_kinds`, `source` one of `timeline.list_codes`. `at` is None where only the day is
    known. `cursor` goes into `list_timeline(before=)` to read on from here.
    """

    on: dt.date
    at: dt.datetime | None
    kind: str
    text: str
    detail: str
    source: str
    amount_minor: int | None
    currency: str
    points: int | None
    deal_id: int | None
    who: str
    cursor: tuple[Any, ...]


SIMILAR = "similar name"
"""`Hit.why` of a customer whose name is spelt otherwise than what was looked for."""


class Hit(NamedTuple):
    """Something that a search found; `kind` is customer, deal or person (by their account's id), `why` what fits."""

    kind: str
    id: int
    name: str
    detail: str
    why: str
