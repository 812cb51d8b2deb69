"""What finds customers and deals by other than a name: ids, keys of the sources, emails, postcodes, phone numbers."""

from __future__ import annotations

import re

from models.customers.hits import deals_where, people_where, rows_where
from models.customers.records import Hit
from models.database import execute
from models.ids import show_contract, show_enrolment, show_invoice, show_order, show_quote

_ID = re.compile(r"(inv|[cdqokl])-?0*(\d{1,15})(?:\s*r\d+)?", re.IGNORECASE)
_PHONE = re.compile(r"[\d\s().+/\-]{5,}(?:\s*(?:x|ext|#|;).*)?", re.IGNORECASE)
_HIGH = "\U0010ffff"
_FEWEST_DIGITS, _TELLING_DIGITS = 5, 9
# A country code or trunk zero before, and the one digit by which a national number is longer than what tells it apart.
_DIGITS_BEFORE = 5
_FEWEST_LETTERS = 3
# The indexes are on these very words.
_CUT = (
    "substr({0}.phone, 1, min(instr(lower({0}.phone) || 'x', 'x'), instr(lower({0}.phone) || 'e', 'e'),"
    " instr({0}.phone || '#', '#'), instr({0}.phone || ';', ';')) - 1)"
)
_DIGITS = (
    f"replace(replace(replace(replace(replace(replace(replace({_CUT},"
    " '-', ''), '.', ''), ' ', ''), '(', ''), ')', ''), '+', ''), '/', '')"
)
_TAIL = f"substr({_DIGITS}, -9)"
# What has a number of its own beside deals and customers, with the deal or customer that it leads to.
_THINGS = {
    "o": ("SELECT 'deal', deal_id FROM sales_order WHERE id = ?", show_order, "order"),
    "k": ("SELECT 'deal', deal_id FROM sales_contract WHERE id = ?", show_contract, "contract"),
    "inv": (
        "SELECT 'deal', o.deal_id FROM invoice i JOIN sales_order o ON o.id = i.order_id WHERE i.id = ?",
        show_invoice,
        "invoice",
    ),
    "q": ("SELECT 'deal', deal_id FROM quote WHERE number = ? LIMIT 1", show_quote, "quote"),
    "l": ("SELECT 'customer', customer_id FROM enrolment WHERE id = ?", show_enrolment, "nurture"),
}


def by_id(text: str) -> list[Hit]:
    """Return what has this id: `C-00731`, `D-1042`, `O-0230`, or a bare number of a customer or deal."""
    matched = _ID.fullmatch(text)
    kind = matched[1].lower() if matched else ""
    number = int(matched[2]) if matched else int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
    if number is None:
        return []
    hits = []
    if kind in ("", "c"):
        hits += rows_where("c.id = ?", (_survivor(number),), "id")
    if kind in ("", "d"):
        hits += deals_where("d.id = ?", (number,), "id")
    if kind in _THINGS:
        query, show, word = _THINGS[kind]
        for goal, found in execute(query, (number,)).fetchall():
            made = (deals_where if goal == "deal" else rows_where)(f"{goal[0]}.id = ?", (found,), word)
            hits += [hit._replace(detail=f"{hit.detail} · {show(number)}") for hit in made]
    return hits


def _survivor(customer_id: int) -> int:
    """Return the customer itself, or the one that it was merged into."""
    row = execute("SELECT merged_into_id FROM customer WHERE id = ?", (customer_id,)).fetchone()
    return _survivor(row[0]) if row is not None and row[0] is not None else customer_id


def by_key(text: str, limit: int) -> list[Hit]:
    """Return who has a contact id, loyalty number or order number that begins so; of a bare number, that is it."""
    if " " in text or len(text) < 4:
        return []
    found: dict[int, str] = {}
    for table, source, word in (
        ("customer_key", "con", "contact id"),
        ("customer_key", "loy", "loyalty number"),
        ("purchase", "onl", "online order"),
        ("purchase", "pos", "store purchase"),
    ):
        rows = f"SELECT key, customer_id FROM {table} WHERE source = ? AND customer_id IS NOT NULL AND "
        for low, high in _ranges(table, source, text):
            for key, customer_id in execute(
                f"{rows}key >= ? AND key <= ? ORDER BY key LIMIT ?", (source, low, high, limit)
            ):
                found.setdefault(customer_id, f"{word} {key}")
    hits = {hit.id: hit for hit in rows_of(list(found)[:limit], "")}
    return [hits[one]._replace(why=why) for one, why in found.items() if one in hits]


def _ranges(table: str, source: str, text: str) -> list[tuple[str, str]]:
    """Return from where to where keys are asked for: as typed, in capitals, a number also behind the source's sign."""
    if not text.isdigit():
        return [(form, form + _HIGH) for form in dict.fromkeys((text, text.upper()))]
    ranges = [(text, text)]
    row = execute(f"SELECT min(key) FROM {table} WHERE source = ?", (source,)).fetchone()
    sign = re.match(r"\D+", row[0] or "") if row is not None else None
    return [*ranges, (sign[0] + text, sign[0] + text)] if sign else ranges


def rows_of(customer_ids: list[int], why: str) -> list[Hit]:
    """Return these customers, those that were merged left out."""
    marks = ", ".join("?" * len(customer_ids))
    return rows_where(f"c.id IN ({marks})", tuple(customer_ids), why) if customer_ids else []


def by_email(text: str, limit: int) -> list[Hit]:
    """Return whose email begins so, their own or that of a person of theirs."""
    if " " in text or len(text) < _FEWEST_LETTERS:
        return []
    low, high = text.lower(), text.lower() + _HIGH
    condition = "{0}.email <> '' AND {0}.email COLLATE NOCASE >= ? AND {0}.email COLLATE NOCASE < ?"
    hits = rows_where(condition.format("c"), (low, high), "email", limit)
    return hits + people_where(condition.format("p"), (low, high), "email", limit)


def by_postcode(text: str, limit: int) -> list[Hit]:
    """Return who lives there."""
    if not 4 <= len(text) <= 10 or not any(map(str.isdigit, text)):
        return []
    return rows_where("c.postcode <> '' AND c.postcode IN (?, ?)", (text, text.upper()), "postcode", limit)


def by_phone(text: str, limit: int) -> list[Hit]:
    """Return whose phone number has these digits: the whole of it, or its beginning from five digits on.

    Country code, trunk zero and lost zeros don't matter.
    """
    digits = _digits(text)
    if not digits:
        return []
    hits: list[Hit] = []
    if len(digits) >= _TELLING_DIGITS:
        hits = _with_phone("= ?", (digits[-_TELLING_DIGITS:],), limit)
    for start in range(0 if hits else min(_DIGITS_BEFORE, len(digits) - _FEWEST_DIGITS + 2)):
        part = digits[start : start + _TELLING_DIGITS]
        # What stands before the part is the first of ten digits, and before that perhaps a country code.
        begins = ">= ? AND {tail} < ? AND instr({digits}, ?) > 0"
        hits += _with_phone(begins, (part, part + ":", digits[max(start - 1, 0) :]), limit)
    return list({(hit.kind, hit.id, hit.name): hit for hit in hits}.values())[:limit]


def having_phone(text: str, limit: int) -> list[Hit]:
    """Return whose phone number this is, told apart by its last nine digits; of fewer digits, nobody."""
    digits = _digits(text)
    return _with_phone("= ?", (digits[-_TELLING_DIGITS:],), limit) if len(digits) >= _TELLING_DIGITS else []


def _with_phone(condition: str, params: tuple[str, ...], limit: int) -> list[Hit]:
    hits: list[Hit] = []
    for find, row in ((rows_where, "c"), (people_where, "p")):
        tail, digits = _TAIL.format(row), _DIGITS.format(row)
        where = f"{row}.phone <> '' AND {tail} {condition.format(tail=tail, digits=digits)}"
        hits += find(where, params, "phone", limit)
    return hits


def reached_at(email: str, phone: str, limit: int) -> list[Hit]:
    """Return customers with this email or phone, or with a person who has it, whatever case or punctuation."""
    hits: list[Hit] = []
    if email.strip():
        wanted = (email.strip(),) * 2
        condition = (
            "((c.email <> '' AND c.email COLLATE NOCASE = ?)"
            " OR c.id IN (SELECT account_id FROM person WHERE email <> '' AND email COLLATE NOCASE = ?))"
        )
        hits += rows_where(condition, wanted, "same email", limit)
    digits = _digits(phone)
    if len(digits) >= 7:
        tail = digits[-_TELLING_DIGITS:]
        condition = (
            f"(c.phone <> '' AND {_TAIL.format('c')} = ? OR c.id IN (SELECT p.account_id FROM person p"
            f" WHERE p.phone <> '' AND {_TAIL.format('p')} = ?))"
        )
        hits += rows_where(condition, (tail, tail), "same phone", limit)
    return hits


def _digits(text: str) -> str:
    """Return the digits of what may be a phone number or the beginning of one, "" for what is none."""
    trimmed = text.strip()
    if not _PHONE.fullmatch(trimmed):
        return ""
    digits = "".join(filter(str.isdigit, re.split(r"(?i)x|ext|#|;", trimmed, maxsplit=1)[0]))
    return digits if digits.isascii() and len(digits) >= _FEWEST_DIGITS else ""
