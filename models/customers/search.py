"""Finding customers and deals by what people remember: name, id, email, phone, postcode, keys of the sources."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence

from models.customers.records import Hit
from models.customers.relations import fold
from models.database import execute
from models.ids import show_customer, show_deal

_ID = re.compile(r"([cCdD])-?0*(\d{1,15})")
_PHONE = re.compile(r"[\d\s().+\-x]{7,}")
_FEWEST_DIGITS = 7
# So many names are looked at to find the best: more words narrow it down better than more rows.
_NAMES = 400
_SELECT = (
    "SELECT c.id, c.name, c.kind, c.city, c.state, coalesce(u.login, '') FROM customer c"
    " LEFT JOIN app_user u ON u.id = c.owner_id WHERE c.merged_into_id IS NULL AND "
)
_BARE_PHONE = (
    "replace(replace(replace(replace(replace(replace({}.phone, '-', ''), '.', ''), ' ', ''), '(', ''), ')', ''),"
    " '+', '')"
)


def match_expression(text: str) -> str:
    """Return what `customer_search` should match: every word of the text as the beginning of a word of the name."""
    return " AND ".join(f'"{word}"*' for word in words_of(text)) or '""'


def words_of(text: str) -> list[str]:
    """Split text where SQLite's tokenizer does: a word it would split again makes the query fail."""
    marks = unicodedata.normalize("NFC", text)
    # It knows the letters of an old Unicode only; newer ones separate words.
    return "".join(
        mark if mark.isalnum() and unicodedata.ucd_3_2_0.category(mark) != "Cn" else " " for mark in marks
    ).split()


def search(text: str, limit: int = 20) -> list[Hit]:
    """Return customers and deals that fit, the surest first: ids and keys, then email, postcode, phone, names.

    Names fit when every word of the text begins one of theirs.
    """
    wanted = text.strip()
    if not wanted:
        return []
    found: dict[tuple[str, int], Hit] = {}
    for hits in (_by_id(wanted), _by_key(wanted), _by_contact(wanted, limit), _by_name(wanted, limit)):
        for hit in hits:
            found.setdefault((hit.kind, hit.id), hit)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def search_words(choices: Sequence[Iterable[str]], why: str) -> list[Hit]:
    """Return customers, in no order, whose names hold a word of each choice; its first may be a word's beginning.

    The words are as `words_of` splits them, or of `list_words`.
    """
    groups = []
    for first, *others in choices:
        groups.append("(" + " OR ".join([f'"{first}"*', *(f'"{word}"' for word in others)]) + ")")
    return _matching(" AND ".join(groups), why) if groups else []


def find_reached_at(email: str, phone: str, limit: int = 20) -> list[Hit]:
    """Return customers with this email or phone, or with a person who has it, whatever case or punctuation."""
    hits: list[Hit] = []
    if email.strip():
        wanted = (email.strip(), email.strip())
        condition = (
            "((c.email <> '' AND c.email COLLATE NOCASE = ?)"
            " OR c.id IN (SELECT account_id FROM person WHERE email <> '' AND email COLLATE NOCASE = ?))"
        )
        hits += _customers(condition, wanted, "same email", limit)
    digits = _last_digits(phone)
    if digits:
        condition = (
            f"(({_BARE_PHONE.format('c')}) LIKE ?"
            " OR c.id IN (SELECT p.account_id FROM person p WHERE p.phone <> ''"
            f" AND ({_BARE_PHONE.format('p')}) LIKE ?))"
        )
        hits += _customers(condition, (f"%{digits}%", f"%{digits}%"), "same phone", limit)
    return hits


def _last_digits(text: str) -> str:
    """Return the digits that tell a phone number apart, with or without country code and lost zeros; "" for too few."""
    digits = "".join(filter(str.isdigit, text.partition("x")[0]))
    return digits[-9:] if len(digits) >= _FEWEST_DIGITS and _PHONE.fullmatch(text.strip()) else ""


def list_words(beginnings: Iterable[str], shortest: int, longest: int) -> set[str]:
    """Return the words of customers' names, folded, that begin so and have so many letters."""
    rows = execute(
        "SELECT w.term FROM json_each(?) b CROSS JOIN customer_word w WHERE w.term >= b.value"
        " AND w.term < b.value || ? AND length(w.term) BETWEEN ? AND ?",
        (json.dumps(list(beginnings)), "\U0010ffff", shortest, longest),
    )
    # A word that would be split once more can't be searched for.
    return {word for (word,) in rows.fetchall() if word.isalnum()}


def merge_words() -> None:
    """Make one piece of the search index, as after many new customers: looking names up takes a third of the time."""
    execute("INSERT INTO customer_search (customer_search) VALUES ('optimize')")


def _by_id(text: str) -> list[Hit]:
    matched = _ID.fullmatch(text)
    number = int(matched[2]) if matched else int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
    if number is None:
        return []
    kinds = matched[1].lower() if matched else "cd"
    hits = []
    if "c" in kinds:
        hits += _customers("c.id = ?", (number,), "id")
    if "d" in kinds:
        hits += _deals("d.id = ?", (number,))
    return hits


def _by_key(text: str) -> list[Hit]:
    """Keys of contacts, loyalty cards and orders, as they are written or in capitals."""
    if " " in text or len(text) < 4:
        return []
    ids: list[tuple[int, str]] = []
    for form in dict.fromkeys((text, text.upper(), text.lower())):
        for source in ("con", "loy"):
            rows = execute("SELECT customer_id FROM customer_key WHERE source = ? AND key = ?", (source, form))
            ids += [(row[0], "contact id" if source == "con" else "loyalty id") for row in rows.fetchall()]
        for source in ("onl", "pos"):
            rows = execute("SELECT customer_id FROM purchase WHERE source = ? AND key = ?", (source, form))
            ids += [(row[0], "order") for row in rows.fetchall() if row[0] is not None]
    return [hit for customer_id, why in ids for hit in _customers("c.id = ?", (customer_id,), why)]


def _by_contact(text: str, limit: int) -> list[Hit]:
    if "@" in text:
        low, high = text.lower(), text.lower() + "\U0010ffff"
        condition = "c.email <> '' AND c.email COLLATE NOCASE >= ? AND c.email COLLATE NOCASE < ?"
        hits = _customers(condition, (low, high), "email", limit)
        if hits:
            return hits
        people = "c.id IN (SELECT account_id FROM person WHERE email <> '' AND email LIKE ? ESCAPE '\\')"
        escaped = low.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return _customers(people, (f"{escaped}%",), "email of a person", limit)
    hits = []
    if 4 <= len(text) <= 10 and any(map(str.isdigit, text)):
        hits = _customers("c.postcode <> '' AND c.postcode IN (?, ?)", (text, text.upper()), "postcode", limit)
    digits = _last_digits(text)
    if digits:
        hits += _customers(f"{_BARE_PHONE.format('c')} LIKE ?", (f"%{digits}%",), "phone", limit)
    return hits


def _by_name(text: str, limit: int) -> list[Hit]:
    hits = _matching(match_expression(text), "name") if words_of(text) else []
    if not hits:
        return []
    wanted = fold(text)

    def order(hit: Hit) -> tuple[bool, bool, str, int]:
        name = fold(hit.name)
        return name != wanted, not name.startswith(wanted), name, hit.id

    hits = sorted(hits, key=order)[:limit]
    # The best name's open deals are what people mostly look for.
    return hits[:1] + _deals("d.customer_id = ? AND d.outcome = 'open'", (hits[0].id,)) + hits[1:]


def _matching(expression: str, why: str) -> list[Hit]:
    rows = execute("SELECT rowid FROM customer_search WHERE customer_search MATCH ? LIMIT ?", (expression, _NAMES))
    ids = tuple(row[0] for row in rows)
    return _customers(f"c.id IN ({', '.join('?' for _ in ids)})", ids, why, _NAMES) if ids else []


def _customers(condition: str, params: tuple[object, ...], why: str, limit: int = 50) -> list[Hit]:
    rows = execute(f"{_SELECT}{condition} LIMIT ?", (*params, limit))
    hits = []
    for customer_id, name, kind, city, state, owner in rows.fetchall():
        place = ", ".join(part for part in (city, state) if part)
        detail = " · ".join(part for part in (show_customer(customer_id), kind, place, owner) if part)
        hits.append(Hit("customer", customer_id, name, detail, why))
    return hits


def _deals(condition: str, params: tuple[object, ...]) -> list[Hit]:
    rows = execute(
        "SELECT d.id, c.name, d.type, coalesce(s.name, d.stage), d.outcome FROM deal d"
        " JOIN customer c ON c.id = d.customer_id LEFT JOIN stage s ON s.pipeline = d.pipeline AND s.id = d.stage"
        f" WHERE {condition} ORDER BY d.id DESC LIMIT 20",
        params,
    )
    hits = []
    for deal_id, name, what, stage, outcome in rows.fetchall():
        state = stage if outcome == "open" else outcome.replace("_", " ")
        detail = " · ".join(part for part in (show_deal(deal_id), what, state) if part)
        hits.append(Hit("deal", deal_id, name, detail, "deal"))
    return hits
