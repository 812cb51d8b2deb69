"""Purchases in a shop; the loyalty card names the customer."""

from __future__ import annotations

from importers.kinds import PURCHASES
from importers.sources import people, purchases
from importers.sources.base import Source, SourceColumn

POS = Source(
    code="pos",
    title="POS purchases",
    kind=PURCHASES,
    word="store",
    plural="stores",
    report_name="pos",
    columns=(
        purchases.KEY,
        SourceColumn(people.LOYALTY_ID, "owner_key"),
        purchases.PRODUCT,
        purchases.PURCHASED_ON,
        purchases.TOTAL_PRICE,
        purchases.POINTS,
        purchases.STORE,
        purchases.ACTIVITY,
        purchases.SUBJECT,
    ),
    foreign_field="owner_key",
    foreign_source="loy",
)
