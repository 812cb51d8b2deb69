"""A few made-up people, some of them in two rows with a slip or a blank."""

from __future__ import annotations

from random import Random

import pandas as pd

KINDS = {
    "given": "given", "surname": "surname", "dob": "dob", "email": "email", "phone": "phone", "street": "street",
    "postcode": "postcode", "source": "source",
}  # fmt: skip
_BLANK = 0.06


def made_people(count: int, seed: int = 5) -> pd.DataFrame:
    """Return rows of `count` people, half of them known twice; the column `person` is the truth."""
    chance = Random(seed)
    rows = []
    for person in range(count):
        row = _person(chance) | {"source": "con", "person": str(person)}
        rows.append(row)
        if chance.random() < 0.5:
            rows.append(_again(row, chance) | {"source": "loy"})
    chance.shuffle(rows)
    return pd.DataFrame(rows, index=pd.Index([f"r{at:05d}" for at in range(len(rows))]))


def _name(chance: Random) -> str:
    return "".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(3)).capitalize()


def _person(chance: Random) -> dict[str, str]:
    given, surname = _name(chance), _name(chance)
    return {
        "given": given,
        "surname": surname,
        "dob": f"{chance.randrange(1940, 2006)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
        "email": f"{given}.{surname}{chance.randrange(99)}@example.com".lower(),
        "phone": f"{chance.randrange(2_000_000_000, 9_999_999_999)}",
        "street": f"{chance.randrange(1, 300)} {_name(chance)} Street",
        "postcode": f"{chance.randrange(10_000, 10_400)}",
    }


def _again(row: dict[str, str], chance: Random) -> dict[str, str]:
    other = dict(row)
    for name in KINDS:
        if name != "source" and chance.random() < _BLANK:
            other[name] = ""
    slipped = chance.choice(("given", "surname", "email"))
    text = other[slipped]
    if len(text) > 3 and chance.random() < 0.3:
        at = chance.randrange(1, len(text) - 1)
        other[slipped] = text[:at] + text[at + 1 :]
    return other
