"""The forms in which people read and write ids: `D-1042`, `C-00731`, `L-0210`, `Q-0388 r3`."""

from __future__ import annotations

import re

from models.errors import UsageError

ID_ARRAY = "I"
"""Type of arrays of ids: they are given in sequence, so four bytes hold them, and a million of them is 4 MB."""


def show_deal(deal_id: int) -> str:
    """Return a deal's id as people read it."""
    return f"D-{deal_id}"


def show_customer(customer_id: int) -> str:
    """Return a customer's id as people read it."""
    return f"C-{customer_id:05d}"


def show_enrolment(enrolment_id: int) -> str:
    """Return the id of an account in nurture as people read it."""
    return f"L-{enrolment_id:04d}"


def show_quote(number: int, revision: int | None = None) -> str:
    """Return a quote's number, with its revision if given."""
    return f"Q-{number:04d}" + (f" r{revision}" if revision else "")


def show_order(order_id: int) -> str:
    """Return an order's id as people read it."""
    return f"O-{order_id:04d}"


def show_contract(contract_id: int) -> str:
    """Return a contract's id as people read it."""
    return f"K-{contract_id:04d}"


def show_invoice(invoice_id: int) -> str:
    """Return an invoice's id as people read it."""
    return f"INV-{invoice_id:04d}"


def show_match(pair_id: int) -> str:
    """Return the number of a pair to review as people read it."""
    return f"M-{pair_id}"


def match_id(text: str) -> int:
    """Read the number of a pair to review; the prefix may be left out."""
    return _number(text, "M", "match", "M-77")


def deal_id(text: str) -> int:
    """Read a deal's id; the prefix may be left out."""
    return _number(text, "D", "deal", "D-1042")


def customer_id(text: str) -> int:
    """Read a customer's id; the prefix may be left out."""
    return _number(text, "C", "customer", "C-00731")


def enrolment_id(text: str) -> int:
    """Read the id of an account in nurture; the prefix may be left out."""
    return _number(text, "L", "enrolment", "L-0210")


def order_id(text: str) -> int:
    """Read an order's id; the prefix may be left out."""
    return _number(text, "O", "order", "O-0230")


def contract_id(text: str) -> int:
    """Read a contract's id; the prefix may be left out."""
    return _number(text, "K", "contract", "K-0031")


def invoice_id(text: str) -> int:
    """Read an invoice's id; the prefix may be left out."""
    return _number(text, "INV", "invoice", "INV-5390")


def quote_ref(text: str) -> tuple[int, int | None]:
    """Read a quote's number and, if given, its revision: `Q-0388`, `Q-0388r3`, `Q-0388 r3`."""
    found = re.fullmatch(r"(?:Q-?)?0*(\d{1,12})(?:\s*r(\d{1,6}))?", text.strip(), re.IGNORECASE)
    if not found:
        raise UsageError(f"{text!r} is no quote: write it like Q-0388 or Q-0388 r3")
    return int(found[1]), int(found[2]) if found[2] else None


def _number(text: str, prefix: str, thing: str, example: str) -> int:
    found = re.fullmatch(rf"(?:{prefix}-?)?0*(\d{{1,15}})", text.strip(), re.IGNORECASE)
    if not found:
        raise UsageError(f"{text!r} is no {thing}: write it like {example}")
    return int(found[1])
