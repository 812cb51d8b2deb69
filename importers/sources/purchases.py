"""The columns that both kinds of purchases share."""

from __future__ import annotations

from importers.sources import values
from importers.sources.base import SourceColumn

KEY = SourceColumn("PurchaseId", "key", required=True)
PRODUCT = SourceColumn("ProductId", "product_key")
PURCHASED_ON = SourceColumn("PurchasedOn", "purchased_on", values.date, required=True)
TOTAL_PRICE = SourceColumn("TotalPrice", "amount_minor", values.minor, required=True)
ACTIVITY = SourceColumn("ActivityTypeDisplay", "activity")
SUBJECT = SourceColumn("Subject", "subject")
STORE = SourceColumn("Store", "store")
POINTS = SourceColumn(
    "RewardPointsAdded", "points", values.integer, aliases=("RewardsPointsAdded", "RewardPoints", "RewardsPoints")
)
