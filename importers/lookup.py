"""Looking customers up by names that may be misspelt: whom the search finds, then who is named alike."""

from __future__ import annotations

from collections.abc import Collection
from string import ascii_lowercase

from models.customers import search
from models.customers.records import SIMILAR, Hit
from models.customers.relations import fold, is_one_slip

# Two letters have too many neighbours.
_SHORTEST = 3
# One slip in a word of four, two in one of eight.
_ALIKE_PERCENT = 75
_LETTERS_APART = 2
# One slip in a short name; "Jon Smyth" is 84 % of "John Smith".
_SAME_PERCENT = 84
# Words that say of a company nothing but that it is one.
_GENERIC = frozenset(
    {"the", "and", "co", "company", "corp", "corporation", "inc", "llc", "ltd", "gmbh", "group", "plc"}
)
_CORRECTIONS = 8


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


def _named_alike(name: str, *, is_corporate: bool) -> list[Hit]:
    from thefuzz import fuzz

    words = search.words_of(fold(name))
    telling = [word for word in words if word not in _GENERIC] if is_corporate else words
    if not telling:
        return []
    wanted = " ".join(telling)

    def percent(hit: Hit) -> int:
        other = " ".join(search.words_of(fold(hit.name)))
        nearness = fuzz.token_sort_ratio(wanted, other, force_ascii=False)
        if is_corporate:
            # A company may be known by a part of its name.
            nearness = max(nearness, fuzz.token_set_ratio(wanted, other, force_ascii=False))
        return int(nearness)

    nearness = {hit: percent(hit) for hit in find(wanted) if hit.kind == "customer"}
    near = sorted((hit for hit in nearness if nearness[hit] >= _SAME_PERCENT), key=lambda hit: -nearness[hit])
    return [hit._replace(why="same name" if fold(hit.name) == fold(name) else "name alike") for hit in near]


def _find_alike(text: str, limit: int, known: Collection[int]) -> list[Hit]:
    choices = [_spellings(word) for word in search.words_of(fold(text))]
    if all(len(spellings) == 1 for spellings in choices):
        return []
    return _nearest(text, [hit for hit in search.search_words(choices, SIMILAR) if hit.id not in known], limit)


def _spellings(word: str) -> list[str]:
    """Return a typed word, then the words of customers' names that are spelt much like it."""
    if len(word) < _SHORTEST or not word.isalpha():
        return [word]
    # Here and below: loaded by the thread that needs it, not by a screen that may.
    from thefuzz import fuzz, process

    there = search.list_words(_beginnings(word), len(word) - _LETTERS_APART, len(word) + _LETTERS_APART)
    alike = process.extract(word, sorted(there - {word}), processor=None, scorer=fuzz.ratio, limit=_CORRECTIONS)
    return [word, *(other for other, percent in alike if percent >= _ALIKE_PERCENT or is_one_slip(word, other))]


def _beginnings(word: str) -> set[str]:
    """Return how a word may begin that was meant: as it does, or with one slip in its first three letters.

    Words with these beginnings are few, however many there are, and an index holds them.
    """
    first, second, third, fourth = word[0], word[1], word[2], word[3:4]
    found = {first + second}
    found |= {first + third + second, second + first + third}
    found |= {second + third + fourth, first + third + fourth}
    for letter in ascii_lowercase:
        found |= {letter + second + third, first + letter + third}
        found |= {letter + first + second, first + letter + second}
    return found


def _nearest(text: str, hits: list[Hit], limit: int) -> list[Hit]:
    from thefuzz import fuzz

    wanted = fold(text)

    def order(hit: Hit) -> tuple[int, str, int]:
        name = fold(hit.name)
        # WRatio, but for one thing: it would leave all but ASCII letters out.
        return -fuzz.UWRatio(wanted, name), name, hit.id

    return sorted(hits, key=order)[:limit]
