"""Invented words for the made-up retail files: names in wide distributions, streets, mail providers."""

from __future__ import annotations

from itertools import accumulate
from random import Random

# Given names with the short forms by which their owners sign.
NICKNAMES = {
    "Alexander": "Alex Sandy", "Andrew": "Andy Drew", "Anthony": "Tony", "Barbara": "Barb Babs", "Benjamin": "Ben",
    "Catherine": "Cathy Kate", "Charles": "Charlie Chuck", "Christina": "Chris Tina", "Christopher": "Chris",
    "Daniel": "Dan Danny", "Deborah": "Deb Debbie", "Dorothy": "Dot Dottie", "Edward": "Ed Eddie Ted",
    "Elizabeth": "Liz Beth Betty", "Frances": "Fran", "Frederick": "Fred", "Gerald": "Gerry", "Gregory": "Greg",
    "James": "Jim Jimmy", "Jennifer": "Jen Jenny", "John": "Jack Johnny", "Jonathan": "Jon", "Joseph": "Joe",
    "Joshua": "Josh", "Katherine": "Kathy Kate", "Kenneth": "Ken Kenny", "Lawrence": "Larry", "Leonard": "Len",
    "Margaret": "Meg Peggy Maggie", "Matthew": "Matt", "Michael": "Mike Mick", "Nathaniel": "Nate", "Nicholas": "Nick",
    "Pamela": "Pam", "Patricia": "Pat Patty Tricia", "Patrick": "Pat", "Peter": "Pete", "Philip": "Phil",
    "Rebecca": "Becky", "Richard": "Dick Rick", "Robert": "Bob Rob", "Ronald": "Ron", "Samantha": "Sam",
    "Samuel": "Sam", "Stephanie": "Steph", "Stephen": "Steve", "Susan": "Sue", "Theodore": "Ted", "Thomas": "Tom",
    "Timothy": "Tim", "Victoria": "Vicky", "Virginia": "Ginny", "William": "Bill Will",
}  # fmt: skip
_HEADS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "sh",
    "sk",
    "st",
    "t",
    "tr",
    "v",
    "w",
]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ia", "io", "ou"]
_TAILS = ["", "n", "r", "s", "t", "l", "ck", "nd", "rt", "ss"]
_SURNAME_ENDS = ["ton", "ham", "ski", "sen", "berg", "ley", "ford", "ez", "ini", "well", "man", "er", "a", "o"]
_STREET_WORDS = ["Street", "Avenue", "Road", "Lane", "Drive", "Court", "Place"]
PROVIDERS = ("mail.example", "post.example", "inbox.example", "letterbox.example", "web.example", "home.example")


class Zipf:
    """Draws from a list whose k-th entry is 1/(k + shift) as frequent."""

    def __init__(self, values: list[str], shift: float) -> None:
        self._values = values
        self._weights = list(accumulate(1 / (place + shift) for place in range(1, len(values) + 1)))

    def draw(self, chance: Random, count: int) -> list[str]:
        """Return `count` values."""
        return chance.choices(self._values, cum_weights=self._weights, k=count)


def given_names(chance: Random, count: int = 1500) -> Zipf:
    """Return given names: the known ones are among the most frequent."""
    invented = _distinct(chance, count - len(NICKNAMES), lambda: _word(chance, chance.choice((1, 2, 2, 3))))
    known = list(NICKNAMES)
    chance.shuffle(known)
    return Zipf([*known, *invented], shift=12)


def surnames(chance: Random, count: int) -> Zipf:
    """Return surnames; of a million people the most frequent one is in a hundred, half are of a few each."""
    made = _distinct(chance, count, lambda: _word(chance, chance.choice((1, 2, 2))) + chance.choice(_SURNAME_ENDS))
    return Zipf(made, shift=8)


def streets(chance: Random, count: int = 8000) -> list[str]:
    """Return names of streets."""
    return _distinct(chance, count, lambda: f"{_word(chance, 2)} {chance.choice(_STREET_WORDS)}")


def cities(chance: Random, count: int = 120) -> Zipf:
    """Return names of cities, a few of them large."""
    return Zipf(
        _distinct(chance, count, lambda: _word(chance, 2) + chance.choice(("ton", "ville", "burg", ""))), shift=3
    )


def _word(chance: Random, syllables: int) -> str:
    parts = [chance.choice(_HEADS) + chance.choice(_VOWELS) for _ in range(syllables)]
    return ("".join(parts) + chance.choice(_TAILS)).capitalize()


def _distinct(chance: Random, count: int, make) -> list[str]:  # type: ignore[no-untyped-def]
    found: dict[str, None] = {}
    while len(found) < count:
        found[make()] = None
    return list(found)
