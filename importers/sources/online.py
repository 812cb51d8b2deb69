"""Purchases in the online shop; the contact's id names the customer."""

from __future__ import annotations

from importers.kinds import PURCHASES
from importers.sources import people, purchases
from importers.sources.base import Source, SourceColumn

ONLINE = Source(
    code="onl",
    title="Online purchases",
    kind=PURCHASES,
    word="online",
    plural="online",
    columns=(
        purchases.KEY,
        SourceColumn(people.CONTACT_ID, "owner_key"),
        purchases.PRODUCT,
        purchases.PURCHASED_ON,
        purchases.TOTAL_PRICE,
        purchases.ACTIVITY,
        purchases.SUBJECT,
    ),
    foreign_field="owner_key",
    foreign_source="con",
)
