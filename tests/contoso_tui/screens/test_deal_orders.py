"""What followed a deal's quote on its own screen: orders, contracts with call-offs, invoices and payments (tab 6)."""

from __future__ import annotations

import datetime as dt

import pytest
from rich.cells import cell_len

from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.show_text import ShowText
from contoso_tui.screens.deal import DealScreen
from models.deals import lines, quotes
from models.orders import contracts, invoices, orders
from tests.contoso_tui.screens.deal_story import act, ask

TODAY = dt.date(2026, 11, 18)


def accept(story, *, contract: bool = False) -> None:
    act(story, "ana.wu", lines.add, story.small, "DOORBELL", 8)
    quote = act(story, "ana.wu", quotes.create, story.small)
    act(story, "ana.wu", quotes.send, quote)
    if contract:
        act(story, "ana.wu", contracts.accept, quote, TODAY, TODAY + dt.timedelta(days=90), call_offs=4)
    else:
        act(story, "ana.wu", quotes.accept, quote)


async def test_an_order_is_shipped_invoiced_and_paid_where_the_deal_is_read(story, opened) -> None:
    accept(story)
    async with opened("ana.wu", story.small) as on:
        await on.press("6")
        await on.until(lambda: "O-0230" in on.text and "booked today" in on.text)
        assert on.text.split("\n")[-1].startswith("enter open  > ship")
        await on.press(">")
        await on.until(lambda: "shipped today" in on.text)
        await on.press(">")
        await on.until(lambda: "INV-5390" in on.text)
        await on.press("down", ">")
        await on.until(lambda: isinstance(on.app.screen, FormDialog))
        await on.fill(amount="100", reference="B1")
        await on.until(lambda: "paid today, B1, entered by ana.wu" in on.text)
        assert "paid $100.00" in on.text
        await on.press("u")
        await on.until(lambda: "B1" not in on.text)
    assert ask(story, orders.list_orders)[0].state == "invoiced"


async def test_a_contract_shows_its_call_offs_below_it_and_n_makes_the_next(story, opened) -> None:
    accept(story, contract=True)
    async with opened("ana.wu", story.small) as on:
        await on.press("6")
        await on.until(lambda: "K-0031" in on.text and "0 of 4 call-offs" in on.text)
        await on.form("N")
        await on.press("ctrl+s")
        await on.until(lambda: "1 of 4 call-offs" in on.text)
        rows = on.text.split("\n")
        contract = next(at for at, row in enumerate(rows) if "K-0031" in row)
        assert rows[contract + 1].startswith("   O-0230      call-off 1 of 4, booked today")
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, ShowText))
        assert "Wed 18 Nov 2026 to Tue 16 Feb 2027, 1 of 4 call-offs" in on.app.screen.text


async def test_off_its_rows_the_keys_are_the_deals(story, opened) -> None:
    accept(story)
    async with opened("ana.wu", story.small) as on:
        await on.press("N")
        await on.until(lambda: "N" not in on.status)
        assert on.app.screen.why_not("record.forward") == "Orders are on tab 6"
        await on.press("6")
        await on.until(lambda: on.app.screen.scopes[0] == "order_rows")
        await on.press("N")
        await on.told("Orders are called off from a contract")
        await on.press("1")
        await on.until(lambda: on.app.screen.scopes[0] == "deal")


async def test_who_may_only_read_sees_it_and_is_refused(story, opened) -> None:
    accept(story)
    async with opened("uma.reyes", story.small) as on:
        await on.press("6")
        await on.until(lambda: "O-0230" in on.text)
        await on.press(">")
        await on.told("only ana.wu")
    assert ask(story, orders.list_orders)[0].state == "booked"


async def test_what_others_enter_appears_by_itself(story, opened) -> None:
    accept(story)
    async with opened("ana.wu", story.small) as on:
        await on.press("6")
        await on.until(lambda: "booked today" in on.text)
        act(story, "gil.ortega", orders.ship, 230)
        await on.until(lambda: "shipped today" in on.text)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (140, 40)])
async def test_no_row_is_cut_and_every_size_is_drawn_to_the_last_cell(story, opened, size) -> None:
    accept(story, contract=True)
    order = act(story, "ana.wu", contracts.call_off, 31)
    act(story, "ana.wu", orders.ship, order)
    invoice = act(story, "ana.wu", invoices.issue, order)
    act(story, "ana.wu", invoices.pay, invoice, amount_minor=5_000)
    async with opened("ana.wu", story.small, size) as on:
        await on.press("6")
        await on.until(lambda: "INV-5390" in on.text)
        rows = on.text.split("\n")
        assert {cell_len(row) for row in rows} == {size[0]}
        top = next(at for at, row in enumerate(rows) if "7 History" in row or "7History" in row)
        listed = [row.partition("│")[0] for row in rows[top:] if any(name in row for name in ("K-", "O-", "INV-"))]
        assert listed
        assert size[0] < 80 or not [row for row in listed if "…" in row]


def test_every_key_of_its_rows_has_its_method() -> None:
    assert all(hasattr(DealScreen, f"action_{name}") for name in ("record_forward", "order_calloff"))
