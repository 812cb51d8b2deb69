"""What the outside sees of materials: frozen records, made by the modules of this package."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple


class Material(NamedTuple):
    """A document of the catalogue; what is in it is read apart."""

    id: int
    name: str
    file_name: str
    media_type: str
    bytes: int
    sha256: str
    products: tuple[str, ...]
    """Names; empty for one that goes with all products."""
    is_active: bool
    added_at: dt.datetime
    added_by: str


class Offer(NamedTuple):
    """A material as it is offered for a customer."""

    material: Material
    fits: bool
    """Whether it is of a product that the deal, or an open deal of the customer's, is about."""
    sent_on: dt.date | None
    """When the customer last got it."""

    @property
    def is_chosen(self) -> bool:
        """Whether it is ticked at first: it fits, and the customer has not got it yet."""
        return self.fits and self.sent_on is None


class Recipient(NamedTuple):
    """Somebody of the customer's who can be written to."""

    name: str
    email: str
    takes_marketing: bool
    """Whether they agreed to marketing mail; what is sent on request needs no such consent."""


class Sendable(NamedTuple):
    """What can be sent to a customer, and to whom; the first recipient is the usual one."""

    customer_id: int
    customer: str
    deal_id: int | None
    offers: tuple[Offer, ...]
    recipients: tuple[Recipient, ...]


class Sent(NamedTuple):
    """What sending led to."""

    email_id: int
    activity_id: int
    points: int
