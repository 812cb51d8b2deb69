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
    CATEGORY = "category"


class Band(StrEnum):
    """What becomes of a pair: joined by itself, shown to a person, or neither."""

    AUTOMATIC = "automatic"
    REVIEW = "review"
    APART = "apart"


class Name(IntEnum):
    """Levels of the name; where two hold the lower wins. 0 is always: nothing to compare."""

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
    """Levels of the address."""

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
    DIFFER = 6


class Ident(IntEnum):
    """Levels of an id."""

    MISSING = 0
    EQUAL = 1
    TYPO = 2
    DIFFER = 3


class Category(IntEnum):
    """Levels of a column of few values."""

    MISSING = 0
    SAME = 1
    DIFFER = 2


LABELS: dict[Field, tuple[str, ...]] = {
    Field.NAME: (
        "nothing to compare",
        "same name",
        "names nearly the same",
        "same surname and initial",
        "same surname, other given name",
        "same given name, other surname",
        "given name and surname exchanged",
        "one part missing, the other the same",
        "other name",
    ),
    Field.DOB: (
        "nothing to compare",
        "same birth date",
        "birth date with a slip",
        "two of year, month and day the same",
        "born a year apart",
        "other birth date",
    ),
    Field.EMAIL: (
        "nothing to compare",
        "same email",
        "email with a slip",
        "same letters, other separator or provider",
        "email much alike",
        "other email",
    ),
    Field.PHONE: ("nothing to compare", "same phone", "phone with a slip", "other phone"),
    Field.ADDRESS: (
        "nothing to compare",
        "same address",
        "street nearly the same, same postcode",
        "same street and city",
        "same postcode",
        "same city",
        "other address",
    ),
    Field.IDENT: ("nothing to compare", "same id", "id with a slip", "other id"),
    Field.CATEGORY: ("nothing to compare", "same", "differs"),
}
