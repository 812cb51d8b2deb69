"""Members of the loyalty scheme; a card may name the contact it belongs to."""

from __future__ import annotations

from importers.kinds import PEOPLE
from importers.sources import people, values
from importers.sources.base import Source, SourceColumn

LOYALTY = Source(
    code="loy",
    title="Loyalty scheme",
    kind=PEOPLE,
    word="loyalty",
    plural="cards",
    columns=(
        SourceColumn(people.LOYALTY_ID, "key", required=True),
        SourceColumn(people.CONTACT_ID, "contact_key"),
        people.GIVEN,
        people.SURNAME,
        people.FULL_NAME,
        people.BIRTH_DATE,
        people.GENDER,
        people.EMAIL,
        people.TELEPHONE,
        SourceColumn("RewardPoints", "points", values.integer, aliases=("RewardsPoints",)),
        SourceColumn("CreditCard", "has_card", values.yes_no),
        people.CREATED_ON,
    ),
    foreign_field="contact_key",
    foreign_source="con",
    checks=(people.born_after_joining,),
)
