"""The list of customers in words: columns by width, one line a customer, what is copied of one. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from contoso_tui import formats
from contoso_tui.text import clean, pad
from contoso_tui.widgets.list_view import Line, line
from contoso_tui.widgets.rows import Part
from models.customers.records import SIMILAR, CustomerRow, Hit
from models.ids import show_customer

WIDE_FROM = 110
_OWNER, _KIND, _DEALS, _UNPAID = 11, 7, 7, 12
_EMAIL, _TIER, _ID = 30, 8, 10
_KINDS = {"individual": "person", "corporate": "corp."}


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of each column; 0 leaves it out."""

    name: int
    place: int
    email: int
    tier: int
    id: int


def columns(width: int) -> Columns:
    """Return the columns that fit `width` cells beside those that are always there."""
    fixed = _KIND + _OWNER + _DEALS + _UNPAID + 2
    if width >= WIDE_FROM:
        room = width - fixed - _EMAIL - _TIER - _ID
        place = min(24, room // 2)
        return Columns(room - place, place, _EMAIL, _TIER, _ID)
    room = width - fixed
    place = min(18, room * 2 // 5)
    return Columns(room - place, place, 0, 0, 0)


def header(width: int) -> list[Part]:
    """Return the columns' names; `^` marks the sorted one."""
    size = columns(width)
    text = " " + (pad("id", size.id) if size.id else "") + pad("name ^", size.name) + pad("kind", _KIND)
    text += pad("place", size.place) + (pad("email", size.email) + pad("tier", size.tier) if size.email else "")
    text += pad("owner", _OWNER) + pad("deals", _DEALS, "right") + pad("unpaid", _UNPAID, "right")
    return [(text, "dim")]


def row_line(row: CustomerRow, width: int) -> Line:
    """Return one customer."""
    size = columns(width)
    place = ", ".join(part for part in (row.city, row.state) if part)
    parts: list[Part] = []
    if size.id:
        parts.append((pad(show_customer(row.id), size.id), "dim"))
    parts.append((pad(clean(row.name), size.name - 1) + " ", "text"))
    parts.append((pad(_KINDS.get(row.kind, row.kind), _KIND), "text" if row.kind == "corporate" else "dim"))
    parts.append((pad(clean(place), size.place - 1) + " ", "dim"))
    if size.email:
        parts.append((pad(clean(row.email), size.email - 1) + " ", "text"))
        parts.append((pad(clean(row.tier), size.tier - 1) + " ", "dim"))
    parts.append((pad(row.owner or "nobody", _OWNER - 1) + " ", "text" if row.owner else "soon"))
    parts.append((pad(str(row.open_deals or ""), _DEALS - 1, "right"), "text"))
    owed = formats.money(row.unpaid_minor) if row.unpaid_minor else ""
    parts.append((pad(owed, _UNPAID, "right"), "late"))
    if row.do_not_contact:
        parts.append((" do not contact", "soon"))
    return line(parts, row.id)


def nobody(text: str, view: str, near: Sequence[Hit]) -> str:
    """Return what an empty list says of customers that `text` may mean, "" if there are none."""
    names = dict.fromkeys(clean(hit.name) for hit in near if hit.kind == "customer")
    if not names:
        return ""
    shown = ", ".join(names)
    if near[0].why != SIMILAR:
        return f"Nobody named '{clean(text)}' in {view}; among all customers: {shown}"
    return f"Nobody named '{clean(text)}'; did you mean {shown}?"


def detail(row: CustomerRow) -> list[Part]:
    """Return the line about the customer under the cursor."""
    parts: list[Part] = [(f" {clean(row.name)}", "heading"), (f" · {show_customer(row.id)}", "text")]
    parts += [(f" · {clean(text)}", "dim") for text in (row.email, row.phone) if text]
    if row.do_not_contact:
        parts.append((" · do not contact", "soon"))
    return parts


def copy_texts(row: CustomerRow) -> dict[str, str]:
    """Return what the copy menu offers."""
    shown = show_customer(row.id)
    place = ", ".join(part for part in (row.city, row.state) if part)
    values = {
        "id": shown,
        "kind": row.kind,
        "name": row.name,
        "owner": row.owner or None,
        "email": row.email or None,
        "phone": row.phone or None,
        "city": row.city or None,
        "state": row.state or None,
        "tier": row.tier or None,
        "open_deals": row.open_deals,
    }
    line_text = "  ".join(part for part in (shown, row.name, row.kind, place, row.email, row.phone, row.owner) if part)
    return {
        "i": shown,
        "n": row.name,
        "e": row.email,
        "p": row.phone,
        "l": line_text,
        "j": json.dumps(values, ensure_ascii=False),
    }
