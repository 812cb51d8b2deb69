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


class Measures(NamedTuple):
    """What a customer is worth and owes; amounts in US cents are 0 and never missing."""

    online_minor: int
    online_count: int
    stores_minor: int
    stores_count: int
    points: int | None
    """The loyalty scheme's balance; None for who isn't a member."""
    last_purchase_on: dt.date | None
    open_deals: int
    open_deals_usd_cents: int
    unpaid_minor: int
    unpaid_since: dt.date | None

    @property
    def spend_minor(self) -> int:
        """Return what the customer has spent online and in stores."""
        return self.online_minor + self.stores_minor


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


class PurchaseSource(NamedTuple):
    """Purchases of one source and the key by which they belong to the customer."""

    source: str
    owner_key: str
    purchases: int


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
    fields: tuple[ValueSource, ...]
    rule: str
    sources: tuple[SourceRow, ...]
    purchases: tuple[PurchaseSource, ...]
    people: tuple[Person, ...]

    @property
    def is_corporate(self) -> bool:
        """Return whether it is a corporate account."""
        return self.kind == "corporate"


class TimelineEntry(NamedTuple):
    """One thing that happened with a customer.

    `kind` is call, email, letter, visit, meeting, note, online, store, deal, quote, check, nurture, loyalty or
    contact; `source` is con, pos, onl, loy or crm. `at` is None where only the day is known. `cursor` goes into
    `list_timeline(before=)` to read on from here.
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
