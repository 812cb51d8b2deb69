"""How names are spelt and sound, for the search: the words of a text, and one key for all that sound alike. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

SHORTEST, LONGEST = 3, 24
"""Letters of words whose spelling is corrected: two have too many neighbours, and none is longer by hand."""

# Written otherwise and said alike, in English and the names that are common beside it; longer ones first.
_SAID = (
    ("sch", "s"), ("tch", "c"), ("gh", "g"), ("ph", "f"), ("ck", "k"), ("cz", "c"), ("sh", "s"), ("ch", "c"),
    ("th", "t"), ("wh", "w"), ("kn", "n"), ("wr", "r"), ("dt", "t"), ("qu", "k"), ("x", "s"), ("z", "s"), ("q", "k"),
    ("v", "f"), ("c", "k"),
)  # fmt: skip
_ASCII_WORD = re.compile("[A-Za-z0-9]+")
_SILENT = re.compile("[aeiouyhw]")
_RUNS = re.compile(r"(.)\1+", re.DOTALL)


def words_of(text: str) -> list[str]:
    """Split text where SQLite's tokenizer does: a word it would split again makes the query fail."""
    if text.isascii():
        return _ASCII_WORD.findall(text)
    marks = unicodedata.normalize("NFC", text)
    # It knows the letters of an old Unicode only; newer ones separate words.
    return "".join(
        mark if mark.isalnum() and unicodedata.ucd_3_2_0.category(mark) != "Cn" else " " for mark in marks
    ).split()


def learnable(text: str) -> list[str]:
    """Return the words of a name, folded as the search index has them, that are of letters and not too short."""
    low = text.lower()
    if not low.isascii():
        parts = unicodedata.normalize("NFKD", low)
        low = "".join(mark for mark in parts if not unicodedata.combining(mark))
    return [word for word in dict.fromkeys(words_of(low)) if SHORTEST <= len(word) <= LONGEST and word.isalpha()]


def sound(word: str) -> str:
    """Return how a folded word sounds: its consonants, those said alike made equal; the first vowel counts as one.

    "jon" and "john", "smith" and "smyth", "catherine" and "kathryn" are each one sound.
    """
    if not word.isascii():
        return _RUNS.sub(r"\1", word)
    said = word
    for written, spoken in _SAID:
        said = said.replace(written, spoken)
    said = _RUNS.sub(r"\1", said)
    first = "a" if said[:1] in "aeiouy" else said[:1]
    return first + _RUNS.sub(r"\1", _SILENT.sub("", said[1:]))


def of_names(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the words of names, each once and in order, with their sounds."""
    words = {word for name in names for word in learnable(name)}
    return [(word, sound(word)) for word in sorted(words)]


def shorter_by_one(word: str) -> list[str]:
    """Return a word with each of its letters left out once."""
    return list(dict.fromkeys(word[:at] + word[at + 1 :] for at in range(len(word))))
