"""What columns hold, what is compared, and the levels of each comparison with their words."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What a column of the records holds."""

    GIVEN = "given"
    SURNAME = "surname"
    FULLNAME = "fullname"
    DOB = "dob"
    EMAIL = "email"
    PHONE = "phone"
    STREET = "street"
    CITY = "city"
    POSTCODE = "postcode"
    IDENT = "ident"
    COMPANY = "company"
    CATEGORY = "category"
    SOURCE = "source"


class Field(StrEnum):
    """What two records are compared on."""

    NAME = "name"
    DOB = "dob"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    IDENT = "ident"
    COMPANY = "company"
    CATEGORY = "category"
    SOURCE = "source"


class Band(StrEnum):
    """What becomes of a pair: joined by itself, shown to a person, or neither."""

    AUTOMATIC = "automatic"
    REVIEW = "review"
    APART = "apart"


class Name(IntEnum):
    """Levels of the name. In every ladder 0 is "nothing to compare", and the test stated first wins."""

    MISSING = 0
    EXACT = 1
    CLOSE = 2
    INITIAL = 3
    SURNAME_ONLY = 4
    GIVEN_ONLY = 5
    SWAPPED = 6
    PART_MISSING = 7
    DIFFER = 8


class Dob(IntEnum):
    """Levels of the birth date."""

    MISSING = 0
    EQUAL = 1
    TYPO = 2
    TWO_PARTS = 3
    NEAR_YEAR = 4
    DIFFER = 5


class Email(IntEnum):
    """Levels of the email."""

    MISSING = 0
    EQUAL = 1
    TYPO = 2
    SAME_LETTERS = 3
    NEAR = 4
    DIFFER = 5


class Phone(IntEnum):
    """Levels of the phone."""

    MISSING = 0
    EQUAL = 1
    TYPO = 2
    DIFFER = 3


class Address(IntEnum):
    """Levels of street, postcode and city taken together."""

    MISSING = 0
    EQUAL = 1
    STREET_CLOSE = 2
    STREET_AND_CITY = 3
    POSTCODE = 4
    CITY = 5
    STREET_ELSEWHERE = 6
    DIFFER = 7


class Ident(IntEnum):
    """Levels of an id."""

    MISSING = 0
    EQUAL = 1
    TYPO = 2
    DIFFER = 3


class Company(IntEnum):
    """Levels of a company's name."""

    MISSING = 0
    EQUAL = 1
    CLOSE = 2
    DIFFER = 3


class Category(IntEnum):
    """Levels of a column of few values."""

    MISSING = 0
    SAME = 1
    DIFFER = 2


# Unordered pairs of at most five sources; further sources share the last level.
SOURCE_PAIRS = 15

LADDERS: dict[Field, int] = {
    Field.NAME: len(Name) - 1,
    Field.DOB: len(Dob) - 1,
    Field.EMAIL: len(Email) - 1,
    Field.PHONE: len(Phone) - 1,
    Field.ADDRESS: len(Address) - 1,
    Field.IDENT: len(Ident) - 1,
    Field.COMPANY: len(Company) - 1,
    Field.CATEGORY: len(Category) - 1,
    Field.SOURCE: SOURCE_PAIRS,
}
"""The highest level of each field."""

_NOTHING = "nothing to compare"
LABELS: dict[Field, tuple[str, ...]] = {
    Field.NAME: (
        _NOTHING,
        "same name",
        "names nearly the same",
        "same surname, nickname or initial",
        "same surname, other given name",
        "same given name, other surname",
        "given name and surname exchanged",
        "one part missing, the other the same",
        "other name",
    ),
    Field.DOB: (
        _NOTHING,
        "same birth date",
        "birth date with a slip",
        "two of year, month and day the same",
        "born a year apart",
        "other birth date",
    ),
    Field.EMAIL: (
        _NOTHING,
        "same email",
        "email with a slip",
        "same letters, other separator or provider",
        "email much alike",
        "other email",
    ),
    Field.PHONE: (_NOTHING, "same phone", "phone with a slip", "other phone"),
    Field.ADDRESS: (
        _NOTHING,
        "same address",
        "street nearly the same, same postcode",
        "same street and city",
        "same postcode",
        "same city",
        "same street in another place",
        "other address",
    ),
    Field.IDENT: (_NOTHING, "same id", "id with a slip", "other id"),
    Field.COMPANY: (_NOTHING, "same company", "company nearly the same", "other company"),
    Field.CATEGORY: (_NOTHING, "same", "differs"),
    Field.SOURCE: (_NOTHING, *["files they come from"] * SOURCE_PAIRS),
}
