"""Values of the journal in words: money with its currency, days, people and things by name; for `history_words`."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from models import clock, ids
from models import money as money_
from models.database import company_zone, execute
from models.journal import Entry

Row = dict[str, Any]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES_NO = re.compile(r"(is|has)_\w+|do_not_contact|email_subscriber|walkthrough_ready|active")
_USERS = frozenset({"owner_id", "user_id", "asked_of_id", "signed_by_id", "approved_by_id", "manager_id"})
# Codes of the program, with underscores between their words; what people typed stays as they typed it.
_CODES = frozenset({
    "state", "kind", "category", "pause_reason", "exit_reason", "lost_reason", "role", "result", "outcome", "channel",
    "type", "field", "programme_code", "stage", "pipeline", "billing", "origin",
})  # fmt: skip
# In which row the currency of a table's amounts stands: its own, or that of the row to which it belongs.
_CURRENCY_AT = {
    "deal_line": ("deal", "deal_id"),
    "quote_line": ("quote", "quote_id"),
    "contract_line": ("sales_contract", "contract_id"),
    "order_line": ("sales_order", "order_id"),
    "payment": ("invoice", "invoice_id"),
}
_HAVE_CURRENCY = frozenset({"deal", "quote", "sales_contract", "sales_order", "invoice", "product", "purchase"})


def show(entry: Entry, value: Any) -> str:
    """Return one value of a changed column in words."""
    column = entry.column or ""
    if value in (None, ""):
        return "empty"
    if column in _USERS:
        return user(value)
    if column in _THINGS:
        return _THINGS[column](value)
    if _YES_NO.fullmatch(column):
        return "yes" if value else "no"
    if column.endswith("_minor"):
        return money(value, currency_of(entry.table, entry.row_id))
    if column.endswith("_bp"):
        return percent(value)
    if column.endswith("_percent"):
        return f"{value} %"
    if column.endswith("_minute"):
        return f"{value // 60:02d}:{value % 60:02d}"
    if column.endswith("_at"):
        at = clock.from_micros(value).astimezone(ZoneInfo(company_zone()))
        return f"{clock.in_words(at.date())} {at:%H:%M}"
    if column == "attitude":
        return {1: "for us", 0: "neither", -1: "against"}.get(value, str(value))
    if entry.table == "customer_pin" and column == "value":
        return pinned(str(value))
    if isinstance(value, str) and _DAY.fullmatch(value):
        return day(value)
    if column in ("bought", "others"):
        return ", ".join(json.loads(value)) or "nothing"
    if column == "bytes":
        return f"{value:,} bytes"
    return plain(value) if column in _CODES else str(value)


def plain(value: Any) -> str:
    """Return a code of the program as words."""
    return str(value).replace("_", " ")


def money(minor: int, currency: str) -> str:
    """Return an amount with its unit."""
    return money_.shown(minor, currency)


def percent(basis_points: int) -> str:
    """Return a discount."""
    return f"{basis_points / 100:g} %"


def day(text: Any) -> str:
    """Return a day that is stored as ISO text, with its weekday and year."""
    return clock.in_words(dt.date.fromisoformat(str(text))) if text else "no day"


def month(text: str) -> str:
    """Return a month that is stored as `2026-11`."""
    return f"{dt.date.fromisoformat(f'{text}-01'):%B %Y}"


def pinned(text: str) -> str:
    """Return a pinned value; an address is kept as a JSON array of its parts, all else as it was typed."""
    try:
        parts = json.loads(text) if text.startswith("[") else [text]
    except ValueError:
        parts = [text]
    return ", ".join(str(part) for part in parts if part) or "empty"


def currency_of(table: str, row_id: int) -> str:
    """Return the currency of a row's amounts; of a row that is gone, US dollars."""
    if table in _CURRENCY_AT:
        parent, column = _CURRENCY_AT[table]
        found = execute(
            f"SELECT p.currency FROM {table} t JOIN {parent} p ON p.id = t.{column} WHERE t.id = ?", (row_id,)
        ).fetchone()
    elif table in _HAVE_CURRENCY:
        found = execute(f"SELECT currency FROM {table} WHERE id = ?", (row_id,)).fetchone()
    else:
        found = None
    return str(found[0]) if found else "USD"


def user(user_id: Any) -> str:
    """Return a user's login."""
    return _name_in("app_user", "login", user_id) or "nobody"


def quote(quote_id: Any) -> str:
    """Return a quote's number and revision."""
    row = execute("SELECT number, revision FROM quote WHERE id = ?", (quote_id,)).fetchone()
    return ids.show_quote(*row) if row is not None else "a quote"


def customer(customer_id: Any) -> str:
    """Return a customer's id and name."""
    return f"{ids.show_customer(customer_id)} {_name_in('customer', 'name', customer_id)}".rstrip()


def product(product_id: Any) -> str:
    """Return a product's name."""
    return _name_in("product", "name", product_id) or "a product"


def _name_in(table: str, column: str, row_id: Any) -> str:
    row = execute(f"SELECT {column} FROM {table} WHERE id = ?", (row_id,)).fetchone()
    return str(row[0]) if row else ""


_THINGS: dict[str, Callable[[Any], str]] = {
    "customer_id": customer,
    "account_id": customer,
    "individual_id": customer,
    "merged_into_id": customer,
    "deal_id": ids.show_deal,
    "order_id": ids.show_order,
    "contract_id": ids.show_contract,
    "invoice_id": ids.show_invoice,
    "enrolment_id": ids.show_enrolment,
    "quote_id": quote,
    "product_id": product,
    "programme_id": lambda found: _name_in("programme", "name", found) or "a programme",
    "team_id": lambda found: _name_in("team", "name", found) or "a team",
    "person_id": lambda found: _name_in("person", "name", found) or "somebody",
    "influences_id": lambda found: _name_in("deal_person", "name", found) or "somebody",
}
