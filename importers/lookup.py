"""Looking customers up by names that may be misspelt: whom the search finds, then who is named alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from itertools import product
from threading import Lock
from typing import Any

from importers import collector
from models.customers import search
from models.customers.records import SIMILAR, Hit
from models.customers.relations import fold, is_one_slip
from models.spelling import words_of

# Two letters have too many neighbours.
_SHORTEST = 3
# One slip in a word of four, two in one of eight.
_ALIKE_PERCENT = 75
# Of a sound-alike more letters may be others: "jon" and "john", "smyth" and "smith".
_SOUND_PERCENT = 60
# How much less a word is like what was typed than its beginning is.
_UNFINISHED = 10
# So many names are looked at, spellings of a word kept, words of a text corrected, and ways to combine them tried.
_LOOKED_AT, _CORRECTIONS, _MOST_WORDS, _TRIES = 60, 8, 4, 6
# One slip in a short name; "Jon Smyth" is 84 % of "John Smith".
_SAME_PERCENT = 84
# Words that say of a company nothing but that it is one.
_GENERIC = frozenset(
    {"the", "and", "co", "company", "corp", "corporation", "inc", "llc", "ltd", "gmbh", "group", "plc"}
)
_loading = Lock()


def find(text: str, limit: int = 20) -> list[Hit]:
    """Return what `search` finds and, while there is room, customers of similar names, the nearest first."""
    hits = search.search(text, limit)
    if len(hits) >= limit or "@" in text:
        return hits
    known = {hit.id for hit in hits if hit.kind == "customer"}
    return [*hits, *_find_alike(text, limit - len(hits), known)]


def alike(name: str, email: str, phone: str, *, is_corporate: bool, limit: int = 6) -> list[Hit]:
    """Return customers who may be the one that somebody is about to make; `why` says what is the same.

    Those reached at the same email or phone come first, then the nearest names.
    """
    why: dict[int, list[str]] = {}
    found: dict[int, Hit] = {}
    for hit in (*search.find_reached_at(email, phone, limit), *_named_alike(name, is_corporate=is_corporate)):
        found.setdefault(hit.id, hit)
        why.setdefault(hit.id, []).append(hit.why)
    return [hit._replace(why=", ".join(why[hit.id])) for hit in found.values()][:limit]


@cache
def _fuzz() -> Any:
    """Load what compares spellings: in the thread that needs it, not with a screen that may.

    One thread after the other, and without the garbage collector: in Python 3.11 an import fails with a KeyError if
    what is collected meanwhile imports something in the same thread (CPython issues 87712, 91351).
    """
    with _loading, collector.paused():
        from thefuzz import fuzz
    return fuzz


def _named_alike(name: str, *, is_corporate: bool) -> list[Hit]:
    fuzz = _fuzz()
    words = words_of(fold(name))
    telling = [word for word in words if word not in _GENERIC] if is_corporate else words
    if not telling:
        return []
    wanted = " ".join(telling)

    def percent(hit: Hit) -> int:
        other = " ".join(words_of(fold(hit.name)))
        nearness = fuzz.token_sort_ratio(wanted, other, force_ascii=False)
        if is_corporate:
            # A company may be known by a part of its name.
            nearness = max(nearness, fuzz.token_set_ratio(wanted, other, force_ascii=False))
        return int(nearness)

    nearness = {hit: percent(hit) for hit in find(wanted) if hit.kind == "customer"}
    near = sorted((hit for hit in nearness if nearness[hit] >= _SAME_PERCENT), key=lambda hit: -nearness[hit])
    return [hit._replace(why="same name" if fold(hit.name) == fold(name) else "name alike") for hit in near]


def _find_alike(text: str, limit: int, known: Collection[int]) -> list[Hit]:
    """Return customers of similar names: of the likeliest spellings of all words first, if there are many."""
    choices = [_spellings(word) for word in words_of(fold(text))][:_MOST_WORDS]
    if all(len(spellings) == 1 for spellings in choices):
        return []
    hits = search.search_words(choices, SIMILAR, _LOOKED_AT)
    if len(hits) >= _LOOKED_AT:
        # More than are looked at: the best may not be among them.
        hits += [hit for chosen in _likeliest(choices) for hit in search.search_words(chosen, SIMILAR, limit)]
    return _nearest(text, [hit for hit in dict.fromkeys(hits) if hit.id not in known], limit)


def _likeliest(choices: Sequence[Sequence[str]]) -> list[list[list[str]]]:
    """Return the first few ways to choose one spelling of each word, by how far down its list each stands."""
    places = sorted(product(*(range(len(spellings)) for spellings in choices)), key=sum)
    # The first is what was typed.
    return [
        [[spellings[at]] for spellings, at in zip(choices, chosen, strict=True)] for chosen in places[1 : 1 + _TRIES]
    ]


def _spellings(word: str) -> list[str]:
    """Return a typed word, then the words of names that are spelt or sound much like it, the nearest first."""
    if len(word) < _SHORTEST or not word.isalpha():
        return [word]
    fuzz = _fuzz()
    slips, sounds = search.near_words(word)
    nearness: dict[str, int] = {}
    for other in slips:
        percent = fuzz.ratio(word, other)
        if percent >= _ALIKE_PERCENT or is_one_slip(word, other):
            nearness[other] = percent
    for other in sounds:
        # One may still be typing: what follows is no difference, but a whole word is likelier.
        percent = max(fuzz.ratio(word, other), fuzz.ratio(word, other[: len(word)]) - _UNFINISHED)
        if percent >= _SOUND_PERCENT:
            nearness[other] = max(nearness.get(other, 0), percent)
    nearest = sorted(nearness, key=lambda other: (-nearness[other], other))
    return [word, *nearest[:_CORRECTIONS]]


def _nearest(text: str, hits: list[Hit], limit: int) -> list[Hit]:
    fuzz = _fuzz()
    wanted = fold(text)

    def order(hit: Hit) -> tuple[int, str, int]:
        name = fold(hit.name)
        # WRatio, but for one thing: it would leave all but ASCII letters out.
        return -fuzz.UWRatio(wanted, name), name, hit.id

    return sorted(hits, key=order)[:limit]
