"""Payments from a file of the bank or accounting: each reference is counted once (rules 5.4)."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from models import journal, money, words
from models.csv_rows import Row, read_rows
from models.database import execute
from models.errors import ContosoError, UsageError
from models.ids import invoice_id as read_invoice_id
from models.orders import invoices
from models.people.permissions import require_operations
from models.people.records import Actor

COLUMNS = ("invoice", "amount", "paid_on", "reference")


class PaymentLine(NamedTuple):
    """What became of one line: `entered`, `known` (its reference was entered before) or `wrong`, with the reason."""

    line: int
    invoice: str
    amount: str
    reference: str
    outcome: str
    reason: str = ""


def read(actor: Actor, now: dt.datetime, text: str, name: str, *, dry_run: bool = False) -> list[PaymentLine]:
    """Enter the payments of a CSV file with the columns `COLUMNS`, as one action; return what became of each line.

    Raises:
        NotAllowedError: the actor isn't operations.
        RefusedFile: the file has not those columns.
    """
    require_operations(actor, "import payments")
    found: list[PaymentLine] = []
    with journal.action(actor, now, "payment.import", f"Payments of {name}") as made:
        for line, row in read_rows(text, name, COLUMNS, "file of payments"):
            found.append(_enter(actor, now, line, row))
        count = sum(one.outcome == "entered" for one in found)
        made.summary = f"{words.counted(count, 'payment')} of {name}"
        made.is_trial = dry_run or not count
    return found


def _enter(actor: Actor, now: dt.datetime, line: int, row: Row) -> PaymentLine:
    made = PaymentLine(line, row["invoice"], row["amount"], row["reference"], "entered")
    try:
        if not row["reference"]:
            raise UsageError("it has no reference, so that it could be entered twice")
        if execute("SELECT 1 FROM payment WHERE reference = ?", (row["reference"],)).fetchone():
            return made._replace(outcome="known", reason="its reference was entered before")
        number = read_invoice_id(row["invoice"])
        day = _day(row["paid_on"])
        invoice = invoices.get(number, day)
        amount = money.parse_minor(row["amount"], invoice.currency)
        invoices.pay(actor, now, number, amount_minor=amount, on=day, reference=row["reference"])
    except ContosoError as error:
        return made._replace(outcome="wrong", reason=error.message)
    return made


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no day: write it like 2026-11-30") from None
