"""Reviews on the web site; the contact's id names the customer."""

from __future__ import annotations

from importers.kinds import EVENTS
from importers.sources import people, values
from importers.sources.base import Source, SourceColumn

REVIEWS = Source(
    code="rev",
    title="Web reviews",
    kind=EVENTS,
    word="review",
    plural="reviews",
    columns=(
        SourceColumn("ReviewId", "key", required=True),
        SourceColumn("UserId", "owner_key", aliases=(people.CONTACT_ID,)),
        SourceColumn("ReviewDate", "happened_on", values.date, required=True),
        SourceColumn("ReviewText", "text"),
        SourceColumn("ReviewRating", "rating_hundredths", values.rating),
        SourceColumn("ActivityTypeDisplay", "activity"),
    ),
    foreign_field="owner_key",
    foreign_source="con",
)
