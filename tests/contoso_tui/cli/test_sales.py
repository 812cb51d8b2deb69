"""Catalogue, quotes, orders, contracts, invoices, payments, rates and reports on the command line.

Of each command what it does, how it is refused, and its form for programs.
"""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from models import database, journal
from models.people import users
from tests.contoso_tui.cli.conftest import NOW, Shell

Make = Callable[..., str]
DAY = "2026-11-18"


@pytest.fixture
def quote(shell: Shell, deal: Make) -> Callable[..., str]:
    """Send a quote of ana's for these lines and return its shown id."""

    def make(*lines: tuple[str, int], send: bool = True) -> str:
        found = shell.ok("quote", "new", deal(*(lines or (("DOORBELL", 10),)), stage="quote")).out.strip()
        if send:
            shell.ok("quote", "send", found)
        return found

    return make


@pytest.fixture
def invoice(shell: Shell, quote: Callable[..., str]) -> str:
    """Ship and invoice an order of 1,890 dollars; return the invoice's shown id."""
    order = shell.ok("order", "new", "--quote", quote()).out.strip()
    shell.ok("order", "ship", order)
    return shell.ok("order", "invoice", order).out.strip()


def refused(shell: Shell, code: int, *words: str, says: str = "", **options: str) -> None:
    """Run a command that is refused, for people and for programs."""
    plain = shell(*words, **options)
    assert (plain.code, plain.out) == (code, ""), plain
    assert says in plain.err
    told = shell(*words, "--json", **options)
    assert told.code == code
    error = json.loads(told.err)
    assert (error["schema"], says in error["error"]["message"]) == ("contoso.error/1", True)


# ---- catalogue and rates


def test_a_catalogue_is_taken_in_line_by_line(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "products.csv"
    file.write_text("code,name,billing,price\nCAM,Camera,one_off,99.50\nDOORBELL,Smart Doorbell,one_off,199\nX,,,\n")
    refused(shell, 7, "product", "import", str(file), says="sales operations")
    refused(shell, 1, "product", "import", "-", user="olga", stdin="a,b\n1,2\n", says="no column")
    dry = shell("product", "import", str(file), "--dry-run", user="olga")
    assert (dry.code, "nothing was written" in dry.err) == (6, True)
    done = shell("product", "import", str(file), "--json", user="olga")
    assert done.code == 6
    assert [(row["line"], row["code"], row["outcome"]) for row in done.data()] == [
        (2, "CAM", "new"), (3, "DOORBELL", "changed"), (4, "X", "wrong"),
    ]  # fmt: skip
    prices = {row["code"]: row["price"]["value"] for row in shell.ok("product", "list", "--json").data()}
    assert (prices["CAM"], prices["DOORBELL"]) == ("99.50", "199.00")
    shell.ok("undo", user="olga")
    assert "CAM" not in shell.ok("product", "list").out


def test_products_are_added_changed_and_retired(shell: Shell) -> None:
    shell.ok("product", "new", "CAM", "Camera", "--price", "99.50", user="olga")
    refused(shell, 7, "product", "set", "CAM", "price=1", says="sales operations")
    refused(shell, 2, "product", "set", "CAM", "price=free", user="olga", says="no amount")
    shell.ok("product", "set", "CAM", "price=120", "active=no", user="olga")
    assert "Camera" not in shell.ok("product", "list").out
    (camera,) = [row for row in shell.ok("product", "list", "--retired", "--json").data() if row["code"] == "CAM"]
    assert (camera["price"], camera["active"]) == ({"value": "120.00", "currency": "USD"}, False)


def test_rates_are_entered_with_a_date_and_change_no_deal(shell: Shell) -> None:
    assert "No rates yet" in shell.ok("rate", "list").err
    refused(shell, 7, "rate", "add", "EUR", "1.08", says="sales operations")
    refused(shell, 2, "rate", "add", "EUR", "cheap", user="olga", says="is no rate")
    refused(shell, 2, "rate", "add", "USD", "1", user="olga", says="no other currency")
    told = shell.ok("rate", "add", "eur", "1.08", "--on", "2026-11-02", user="olga")
    assert "1 EUR is 1.08 USD from" in told.err
    (rate,) = shell.ok("rate", "list", "--json").data()
    assert rate == {"currency": "EUR", "on": "2026-11-02", "rate": "1.08", "entered_by": "olga"}


# ---- quotes


def test_a_quote_is_changed_sent_answered_and_revised(shell: Shell, quote: Callable[..., str]) -> None:
    draft = quote(send=False)
    shell.ok("quote", "add", draft, "monitoring", "--qty", "2", "--months", "6", "--discount", "5")
    shell.ok("quote", "set", draft, "1", "discount=2.5")
    shell.ok("quote", "set", draft, "addressee=Pat Marsh", "valid_until=2026-12-01")
    shell.ok("quote", "rm", draft, "2")
    refused(shell, 2, "quote", "set", draft, "1", "discount=101", says="from 0 to 100")
    refused(shell, 3, "quote", "rm", draft, "9")
    refused(shell, 7, "quote", "send", draft, user="bo", says="ana's")
    refused(shell, 4, "quote", "accept", draft, says="only a sent quote")
    (sent,) = shell.ok("quote", "send", draft, "--json").data()
    assert (sent["state"], sent["amount"]["value"], sent["valid_until"]) == ("sent", "1842.75", "2026-12-01")
    refused(shell, 4, "quote", "set", draft, "1", "qty=3", says="new revision")
    refused(shell, 2, "quote", "reject", draft, says="--reason")
    (rejected,) = shell.ok("quote", "reject", draft, "--reason", "price", "--json").data()
    assert (rejected["state"], rejected["reason"]) == ("rejected", "price")
    assert shell.ok("quote", "revise", draft).out.strip() == "Q-0301 r2"
    refused(shell, 4, "quote", "revise", "Q-0301", says="is a draft already")
    (shown,) = shell.ok("quote", "show", "Q-0301", "--json").data()
    assert (shown["revision"], shown["note"]) == (2, "Last answer: price")
    refused(shell, 3, "quote", "show", "Q-0999", says="no quote")
    shell.ok("quote", "cancel", "Q-0301")
    assert [row["state"] for row in shell.ok("quote", "list", "--json").data()] == ["cancelled", "rejected"]


def test_a_named_revision_is_the_one_that_is_revised(shell: Shell, quote: Callable[..., str]) -> None:
    first = quote()
    shell.ok("quote", "revise", first)
    shell.ok("quote", "set", "Q-0301r2", "1", "qty=3")
    shell.ok("quote", "send", "Q-0301r2")
    shell.ok("quote", "revise", "Q-0301", "--rev", "1")
    (third,) = shell.ok("quote", "show", "Q-0301r3", "--json").data()
    assert [line["quantity"] for line in third["lines"]] == [10]


def test_two_revisions_are_compared_line_by_line(shell: Shell, quote: Callable[..., str]) -> None:
    first = quote(("DOORBELL", 10), ("THERMOSTAT", 1))
    refused(shell, 2, "quote", "diff", first, says="nothing to compare")
    shell.ok("quote", "revise", first)
    shell.ok("quote", "set", "Q-0301r2", "1", "qty=3")
    shell.ok("quote", "rm", "Q-0301r2", "2")
    told = shell.ok("quote", "diff", "Q-0301").out
    assert "net 2039.00 -> 567.00 USD, change -1472.00" in told
    rows = shell.ok("quote", "diff", "Q-0301", "r1", "r2", "--json").data()
    assert [(row["product"], row["fields"]) for row in rows] == [
        ("Smart Doorbell", ["quantity"]),
        ("Smart Thermostat", ["removed"]),
    ]


def test_a_discount_above_the_limit_waits_for_a_manager(shell: Shell, quote: Callable[..., str]) -> None:
    draft = quote(send=False)
    shell.ok("quote", "set", draft, "1", "discount=30")
    refused(shell, 4, "quote", "send", draft, says="your limit is 15%")
    assert shell.ok("quote", "list", "--to-approve", "--json").data() == []
    shell.ok("quote", "approve", draft, "--ask", "max")
    (waiting,) = shell.ok("quote", "list", "--to-approve", "--json", user="max").data()
    assert (waiting["id"], waiting["approval_asked_of"]) == ("Q-0301", "max")
    assert "Smart" not in shell.ok("open", "board", "--view", "to-approve", user="max").err
    assert "D-1001" in shell.ok("open", "board", "--view", "to-approve", user="max").out
    assert shell("open", "board", "--view", "to-approve").code == 2
    refused(shell, 7, "quote", "approve", draft, says="Only a manager")
    shell.ok("quote", "approve", draft, "--note", "two offers", user="max")
    assert shell.ok("quote", "list", "--to-approve", "--json", user="max").data() == []
    shell.ok("quote", "send", draft)


def test_a_sent_quote_is_extended_and_printed(shell: Shell, quote: Callable[..., str], tmp_path: Path) -> None:
    sent = quote()
    refused(shell, 2, "quote", "extend", sent, "--to", "2026-12-01", says="extend it to a later day")
    shell.ok("quote", "extend", sent, "--to", "2027-01-31")
    (shown,) = shell.ok("quote", "show", sent, "--json").data()
    assert (shown["valid_until"], shown["extended_from"]) == ("2027-01-31", "2026-12-18")
    assert "Contoso Home Security" in shell.ok("quote", "print", sent).out
    printed = shell.ok("quote", "print", sent, "--json").data()
    assert (printed["id"], "Smart Doorbell" in printed["text"]) == ("Q-0301", True)
    shell.ok("quote", "print", sent, "--pdf", str(tmp_path / "q.pdf"))
    assert stat.S_IMODE((tmp_path / "q.pdf").stat().st_mode) == 0o600
    refused(shell, 1, "quote", "print", sent, "--pdf", str(tmp_path / "no" / "q.pdf"), says="can't be written")


# ---- orders and contracts


def test_an_order_is_made_shipped_and_invoiced_in_parts(shell: Shell, quote: Callable[..., str]) -> None:
    sent = quote()
    order = shell.ok("order", "new", "--quote", sent).out.strip()
    assert order == "O-0230"
    refused(shell, 4, "order", "new", "--quote", sent, says="only a sent quote")
    refused(shell, 4, "order", "invoice", order, says="only a shipped order")
    refused(shell, 7, "order", "ship", order, user="bo", says="ana's")
    refused(shell, 2, "order", "ship", order, "--on", "2026-11-19")
    refused(shell, 3, "order", "show", "O-0999", says="no order")
    (shipped,) = shell.ok("order", "ship", order, "--json").data()
    assert (shipped["state"], shipped["shipped_on"], shipped["amount"]["value"]) == ("shipped", DAY, "1890.00")
    (part,) = shell.ok("order", "invoice", order, "--amount", "1000", "--due", "2026-12-01", "--json").data()
    assert (part["id"], part["amount"]["value"], part["due_on"]) == ("INV-5390", "1000.00", "2026-12-01")
    refused(shell, 4, "order", "invoice", order, "--amount", "1000", says="890.00 USD left to invoice")
    assert shell.ok("order", "invoice", order).out.strip() == "INV-5391"
    assert [row["state"] for row in shell.ok("order", "list", "--json").data()] == ["invoiced"]
    assert shell.ok("order", "list", "--state", "booked", "--json").data() == []
    assert shell.ok("order", "list", "--json", user="bo").data() == []
    assert len(shell.ok("order", "list", "--owner", "all", "--json", user="bo").data()) == 1
    assert "Smart Doorbell" in shell.ok("order", "show", order).out


def test_a_contract_is_called_off_and_never_beyond(shell: Shell, quote: Callable[..., str]) -> None:
    sent = quote()
    refused(shell, 2, "quote", "accept", sent, "--contract", says="--until")
    refused(shell, 2, "quote", "accept", sent, "--contract", "--until", "2026-11-01", says="ends")
    shell.ok("quote", "accept", sent, "--contract", "--until", "2027-11-17", "--call-offs", "4")
    assert shell.ok("contract", "calloff", "K-0031").out.strip() == "O-0230"
    (second,) = shell.ok("contract", "calloff", "K-0031", "1=5", "--deliver", "2026-12-01", "--json").data()
    assert (second["contract"], second["lines"][0]["quantity"], second["deliver_on"]) == ("K-0031", 5, "2026-12-01")
    refused(shell, 4, "contract", "calloff", "K-0031", "1=5", says="has 2 of Smart Doorbell left")
    refused(shell, 2, "contract", "calloff", "K-0031", "five", says="LINE=QTY")
    refused(shell, 7, "contract", "calloff", "K-0031", user="bo", says="ana's")
    refused(shell, 3, "contract", "show", "K-0099", says="no contract")
    (shown,) = shell.ok("contract", "show", "K-0031", "--json").data()
    assert shown["call_offs"] == {"done": 2, "planned": 4}
    assert (shown["released"]["value"], shown["lines"][0]["left"]) == ("1512.00", 2)
    assert "2/4" in shell.ok("contract", "list").out


def test_orders_are_exported_for_accounting(shell: Shell, quote: Callable[..., str], tmp_path: Path) -> None:
    with database.connection():
        actor = users.get_actor("olga", "cli")
        with journal.action(actor, NOW, "test", "A name that a spreadsheet would compute"):
            database.execute("UPDATE product SET name = '=cmd()' WHERE code = 'DOORBELL'")
    shell.ok("order", "new", "--quote", quote(("DOORBELL", 10), ("MONITORING", 1)))
    shipped = shell.ok("order", "new", "--quote", quote(("THERMOSTAT", 2))).out.strip()
    shell.ok("order", "ship", shipped)
    rows = list(csv.DictReader(io.StringIO(shell.ok("order", "export", user="olga").out)))
    assert [(row["order"], row["product"], row["quantity"], row["months"], row["net"]) for row in rows] == [
        ("O-0230", "DOORBELL", "10", "", "1890.00"),
        ("O-0230", "MONITORING", "1", "12", "588.00"),
    ]
    assert rows[0]["description"] == "'=cmd()"
    assert rows[0]["booked_on"] == DAY
    lines = shell.ok("order", "export", "--format", "jsonl", "--state", "all").out.splitlines()
    assert [json.loads(line)["order"] for line in lines] == ["O-0230", "O-0230", "O-0231"]
    assert json.loads(lines[0])["description"] == "=cmd()"
    assert shell.ok("order", "export", "--json").json()["schema"] == "contoso.order-line/1"
    file = tmp_path / "orders.csv"
    told = shell.ok("order", "export", "-o", str(file))
    assert (told.out, f"Wrote 1 order, 2 lines, to {file}" in told.err) == ("", True)
    assert list(csv.DictReader(file.open())) == rows
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert shell.ok("order", "export", "--since", "2026-11-18", "--json", "--owner", "bo").data() == []
    refused(shell, 1, "order", "export", "-o", str(tmp_path / "no" / "orders.csv"), says="can't be written")


# ---- invoices, payments, reports


def test_an_invoice_is_paid_in_parts(shell: Shell, invoice: str) -> None:
    told = shell.ok("invoice", "paid", invoice, "--amount", "1000", "--reference", "B1")
    assert "890.00 USD still open" in told.err
    refused(shell, 4, "invoice", "paid", invoice, "--amount", "1", "--reference", "B1", says="entered already")
    refused(shell, 4, "invoice", "paid", invoice, "--amount", "900", says="has only 890.00 USD open")
    refused(shell, 2, "invoice", "paid", invoice, "--on", "2026-11-19")
    refused(shell, 7, "invoice", "paid", invoice, user="bo", says="ana's")
    refused(shell, 3, "invoice", "show", "INV-9999", says="no invoice")
    (paid,) = shell.ok("invoice", "paid", invoice, "--json").data()
    assert (paid["open"]["value"], paid["paid_on"], paid["order"]) == ("0.00", DAY, "O-0230")
    assert [(one["amount"]["value"], one["reference"]) for one in paid["payments"]] == [
        ("1000.00", "B1"),
        ("890.00", None),
    ]
    refused(shell, 4, "invoice", "paid", invoice, says="paid already")
    assert shell.ok("invoice", "list", "--unpaid", "--json").data() == []
    assert "B1" in shell.ok("invoice", "show", invoice).out
    shell.ok("undo")
    assert len(shell.ok("invoice", "list", "--unpaid", "--json").data()) == 1


def test_payments_of_a_file_are_entered_once(shell: Shell, invoice: str) -> None:
    rows = f"invoice,amount,paid_on,reference\n{invoice},890,{DAY},B1\nINV-1,1,{DAY},B2\n"
    refused(shell, 7, "invoice", "payments", "-", stdin=rows, says="sales operations")
    dry = shell("invoice", "payments", "-", "--dry-run", stdin=rows, user="olga")
    assert (dry.code, "1 would be entered, 0 known already, 1 wrong" in dry.err) == (6, True)
    done = shell("invoice", "payments", "-", "--json", stdin=rows, user="olga")
    assert [row["outcome"] for row in done.data()] == ["entered", "wrong"]
    again = shell("invoice", "payments", "-", "--json", stdin=rows, user="olga")
    assert [row["outcome"] for row in again.data()] == ["known", "wrong"]
    (found,) = shell.ok("invoice", "list", "--json").data()
    assert found["open"]["value"] == "1000.00"


def test_reports_say_who_owes_and_what_stands_just_below_the_limit(shell: Shell, invoice: str, deal: Make) -> None:
    assert "Nobody owes us" in shell.ok("report", "owing").err
    late = "2026-12-30T17:00:00+00:00"
    shell.ok("log", "D-1001", "note", "-m", "-", stdin="A new day", at=late)
    (debt,) = shell.ok("report", "owing", "--json", at=late).data()
    assert (debt["unpaid"]["value"], debt["days"], debt["invoices"]) == ("1890.00", 12, 1)
    assert shell.ok("report", "owing", "--owner", "bo", "--json", at=late).data() == []
    assert "12 days late" in shell.ok("invoice", "list", at=late).out
    refused(shell, 3, "report", "owing", "--owner", "nobody")
    assert "No deal within" in shell.ok("report", "nearlimit").err
    deal(("SECURITY", 8))
    (near,) = shell.ok("report", "nearlimit", "--json").data()
    assert (near["amount"]["value"], near["below"]["value"], near["list"]) == ("19600.00", "400.00", None)
    refused(shell, 2, "report", "weather")


def test_selling_to_who_owes_past_due_says_how_much_and_for_how_long_first(shell: Shell, invoice: str) -> None:
    customer = shell.ok("deal", "show", "D-1001", "--json").data()[0]["customer"]["id"]
    made = shell.ok("deal", "new", "--customer", customer, "--type", "More doorbells").out.strip()
    shell.ok("deal", "line", made, "add", "DOORBELL", "--qty", "2")
    late = "2026-12-30T17:00:00+00:00"
    quote = shell.ok("quote", "new", made, at=late).out.strip()
    shell.ok("log", made, "note", "-m", "-", stdin="A new day", at=late)
    told = shell.ok("quote", "send", quote, at=late).err.splitlines()
    assert "Fabrikam Clinics owes $1,890.00 past due, the oldest for 12 days" in told[0]
    assert "Sent" in told[1]
    paid = shell.ok("invoice", "paid", invoice, at=late)
    assert "owes" not in paid.err
    again = shell.ok("quote", "revise", quote, at=late).out.strip()
    assert "owes" not in shell.ok("quote", "send", again, at=late).err
