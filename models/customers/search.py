"""Finding customers, their people and deals by what is remembered: name, id, email, phone, postcode, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models import spelling
from models.customers import numbers
from models.customers.hits import deals_where, people_where
from models.customers.numbers import rows_of
from models.customers.records import Hit
from models.customers.relations import fold
from models.database import execute, raw_connection
from models.spelling import words_of

# So many are looked at to find the best of them: more words narrow it down better than more rows.
_LOOKED_AT = 60
_PEOPLE = 8
# Words that are spelt much alike, by slip and by sound; sounds of one letter are everybody's.
_NEAR, _SOUNDS = 60, 40
_HIGH = "\U0010ffff"
_INDEXED, _BEGUN = 3, 120


def match_expression(text: str) -> str:
    """Return what `customer_search` should match: every word of the text as the beginning of a word of the name."""
    return " AND ".join(f'"{word}"*' for word in words_of(text)) or '""'


def search(text: str, limit: int = 20) -> list[Hit]:
    """Return what fits, the surest first: ids and keys, then emails, postcodes, phones, names of customers and people.

    Names fit when every word of the text begins one of theirs.
    """
    wanted = text.strip()
    if not wanted:
        return []
    found: dict[tuple[str, int, str], Hit] = {}
    for find in (_by_id, numbers.by_key, _by_contact, _by_name, _by_person, _by_email):
        for hit in find(wanted, limit):
            found.setdefault((hit.kind, hit.id, hit.name if hit.kind == "person" else ""), hit)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def search_words(choices: Sequence[Iterable[str]], why: str, limit: int = _LOOKED_AT) -> list[Hit]:
    """Return customers, in no order, whose names hold a word of each choice; its first may be a word's beginning.

    The words are as `words_of` splits them, or of `near_words`.
    """
    groups = [_begun(first, others) for first, *others in choices]
    return rows_of(_named(" AND ".join(groups), limit), why) if groups else []


def _begun(word: str, others: Iterable[str] = ()) -> str:
    """Return what matches words that begin so, and others as they are.

    FTS5 gathers all that begins so before it looks at the next word, but walks through whole words side by side: where
    few words begin so, they are named. Of up to three letters it has an index.
    """
    begin = [f'"{word}"*']
    if len(word) > _INDEXED:
        rows = execute(
            "SELECT word FROM search_word WHERE word >= ?1 AND word < ?1 || ?2 LIMIT ?3",
            (word.lower(), _HIGH, _BEGUN + 1),
        ).fetchall()
        if 0 < len(rows) <= _BEGUN and word.isascii():
            begin = [f'"{row[0]}"' for row in rows]
    return "(" + " OR ".join(dict.fromkeys((*begin, *(f'"{other}"' for other in others)))) + ")"


def find_reached_at(email: str, phone: str, limit: int = 20) -> list[Hit]:
    """Return customers with this email or phone, or with a person who has it, whatever case or punctuation."""
    return numbers.reached_at(email, phone, limit)


def near_words(word: str) -> tuple[set[str], set[str]]:
    """Return words of names that are one or two slips from a folded word, and those that sound like it or go on so."""
    keys = [word, *spelling.shorter_by_one(word)]
    marks = ", ".join("?" * len(keys))
    slips = execute(
        f"SELECT w.word FROM search_slip s JOIN search_word w ON w.id = s.word_id WHERE s.left_over IN ({marks})"
        f" UNION SELECT word FROM search_word WHERE word IN ({marks}) LIMIT ?",
        (*keys, *keys, _NEAR * 4),
    )
    sound = spelling.sound(word)
    if len(sound) < 2:
        return {row[0] for row in slips} - {word}, set()
    sounds = execute(
        "SELECT word FROM (SELECT word FROM search_word WHERE sound = ?1 LIMIT ?3)"
        " UNION SELECT word FROM (SELECT word FROM search_word WHERE sound > ?1 AND sound < ?2 LIMIT ?3)",
        (sound, sound + _HIGH, _SOUNDS),
    )
    return {row[0] for row in slips} - {word}, {row[0] for row in sounds} - {word}


def learn_words(words: Iterable[tuple[str, str]]) -> None:
    """Learn many words as `spelling.of_names` gives them; those of single names the database learns by itself."""
    raw_connection().executemany(
        "INSERT INTO search_word (word, sound) SELECT ?1, ?2 WHERE NOT EXISTS"
        " (SELECT 1 FROM search_word WHERE word = ?1)",
        words,
    )


def merge_words() -> None:
    """Make one piece of the search index, as after many new customers: looking names up takes a third of the time."""
    execute("INSERT INTO customer_search (customer_search) VALUES ('optimize')")


def _by_id(text: str, limit: int) -> list[Hit]:
    return numbers.by_id(text)[:limit]


def _by_contact(text: str, limit: int) -> list[Hit]:
    if "@" in text:
        return numbers.by_email(text, limit)
    return [*numbers.by_postcode(text, limit), *numbers.by_phone(text, limit)]


def _by_email(text: str, limit: int) -> list[Hit]:
    """Return whose email begins so, of a text that is no name."""
    return numbers.by_email(text, limit) if "@" not in text and not text.isalpha() else []


def _by_name(text: str, limit: int) -> list[Hit]:
    if not words_of(text):
        return []
    begun = " AND ".join(_begun(word) for word in words_of(text))
    ids = dict.fromkeys((*_begins(text, limit), *_named(begun, _LOOKED_AT)))
    wanted = fold(text)

    def order(hit: Hit) -> tuple[bool, bool, str, int]:
        name = fold(hit.name)
        return name != wanted, not name.startswith(wanted), name, hit.id

    hits = sorted(rows_of(list(ids)[:_LOOKED_AT], "name"), key=order)[:limit]
    if not hits:
        return []
    # The best name's open deals are what people mostly look for.
    return hits[:1] + deals_where("d.customer_id = ? AND d.outcome = 'open'", (hits[0].id,), "deal") + hits[1:]


def _begins(text: str, limit: int) -> list[int]:
    """Return the first customers whose whole name begins so, by name."""
    rows = execute(
        "SELECT id FROM customer WHERE name COLLATE NOCASE >= ?1 AND name COLLATE NOCASE < ?1 || ?2"
        " ORDER BY name COLLATE NOCASE, id LIMIT ?3",
        (text, _HIGH, limit),
    )
    return [row[0] for row in rows]


def _named(expression: str, limit: int) -> list[int]:
    rows = execute("SELECT rowid FROM customer_search WHERE customer_search MATCH ? LIMIT ?", (expression, limit))
    return [row[0] for row in rows]


def _by_person(text: str, limit: int) -> list[Hit]:
    if not words_of(text):
        return []
    rows = execute(
        "SELECT rowid FROM person_search WHERE person_search MATCH ? LIMIT ?", (match_expression(text), limit)
    )
    ids = tuple(row[0] for row in rows)
    marks = ", ".join("?" * len(ids))
    return people_where(f"p.id IN ({marks})", ids, "person", min(limit, _PEOPLE)) if ids else []
