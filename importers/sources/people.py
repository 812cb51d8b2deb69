"""The columns that Contacts and the Loyalty scheme share, and what to notice about people."""

from __future__ import annotations

import pandas as pd

from importers.sources import values
from importers.sources.base import Notice, SourceColumn

GIVEN = SourceColumn("FirstName", "given", aliases=("GivenName",))
SURNAME = SourceColumn("LastName", "surname", aliases=("Surname",))
FULL_NAME = SourceColumn("FullName", "full_name")
BIRTH_DATE = SourceColumn("DateOfBirth", "birth_date", values.date, aliases=("BirthDate", "DOB"))
GENDER = SourceColumn("Gender", "gender")
EMAIL = SourceColumn("EMail", "email", values.email, aliases=("EmailAddress",))
TELEPHONE = SourceColumn("Telephone", "phone", values.phone, aliases=("Phone", "PhoneNumber"))
CREATED_ON = SourceColumn("CreatedOn", "created_on", values.date)
CONTACT_ID = "ContactId"
LOYALTY_ID = "LoyaltyId"


def born_after_joining(fields: pd.DataFrame) -> list[Notice]:
    """Count births after the record was made; the values are kept."""
    born, made = fields["birth_date"], fields["created_on"]
    count = int(((born != "") & (made != "") & (born > made)).sum())
    return [Notice("people born after they joined; the dates are kept", count)] if count else []
