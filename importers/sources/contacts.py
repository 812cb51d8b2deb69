"""Contacts of the online shop."""

from __future__ import annotations

from importers.kinds import PEOPLE
from importers.sources import people, values
from importers.sources.base import Source, SourceColumn

CONTACTS = Source(
    code="con",
    title="Contacts",
    kind=PEOPLE,
    word="contact",
    plural="contacts",
    columns=(
        SourceColumn(people.CONTACT_ID, "key", required=True),
        people.GIVEN,
        people.SURNAME,
        people.FULL_NAME,
        people.BIRTH_DATE,
        people.GENDER,
        people.EMAIL,
        people.TELEPHONE,
        SourceColumn("PostCode", "postcode", aliases=("PostalCode", "ZIP", "ZIPCode")),
        SourceColumn("StreetAddress", "street", aliases=("Street",)),
        SourceColumn("City", "city", values.city),
        SourceColumn("State", "state"),
        SourceColumn("Country", "country"),
        people.CREATED_ON,
        SourceColumn("Headshot", "headshot"),
        SourceColumn("Loyalty Tier", "tier"),
        SourceColumn("Email Subscriber", "email_subscriber", values.yes_no),
        SourceColumn("Income", "income_minor", values.minor),
        SourceColumn("Occupation", "occupation"),
        SourceColumn("CustomerSatisfaction", "satisfaction"),
        SourceColumn("CompanyName", "company_name", aliases=("Company",)),
        SourceColumn("AccountType", "account_type"),
    ),
    checks=(people.born_after_joining,),
)
