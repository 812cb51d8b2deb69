"""Orders, contracts and invoices by key, and approvals of quotes (rules 5.2, 5.4)."""

from __future__ import annotations

import datetime as dt

from contoso_tui.dialogs.form import FormDialog
from contoso_tui.dialogs.show_text import ShowText
from contoso_tui.screens import orders_words
from contoso_tui.screens.orders import OrdersScreen
from models import ids
from models.deals import approvals, lines, quotes
from models.orders import contracts, invoices, orders
from tests.contoso_tui.screens.deal_story import NOW, act, ask, make_app
from tests.contoso_tui.screens.test_quote import fill, on_form, on_quote

TODAY = dt.date(2026, 11, 18)


def accepted(story, *, contract: bool = False) -> None:
    act(story, "ana.wu", lines.add, story.small, "DOORBELL", 8)
    quote = act(story, "ana.wu", quotes.create, story.small)
    act(story, "ana.wu", quotes.send, quote)
    if contract:
        act(story, "ana.wu", contracts.accept, quote, TODAY, TODAY + dt.timedelta(days=90), call_offs=4)
    else:
        act(story, "ana.wu", quotes.accept, quote)


async def go_to_orders(pilot, app, wait_until) -> OrdersScreen:
    await wait_until(pilot, lambda: getattr(app.screen, "page", None) is not None)
    await pilot.press("g", "o")
    await wait_until(pilot, lambda: isinstance(app.screen, OrdersScreen) and any(app.screen.found))
    return app.screen


async def test_an_order_is_shipped_invoiced_and_paid_by_key(story, wait_until, shown) -> None:
    accepted(story)
    app = make_app(story, "ana.wu", f"D-{story.small}")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await go_to_orders(pilot, app, wait_until)
        await pilot.press("1", ">")
        await wait_until(pilot, lambda: screen.found[0][0].state == "shipped")
        await pilot.press(">")
        await wait_until(pilot, lambda: screen.found[2])
        await pilot.press("3", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, ShowText))
        assert "No payment yet" in app.screen.text
        await pilot.press("escape")
        await on_form(pilot, app, wait_until, ">")
        await fill(pilot, app, wait_until, amount="100", reference="B1")
        await wait_until(pilot, lambda: screen.found[2][0].paid_minor == 10_000)
        await on_form(pilot, app, wait_until, ">")
        await fill(pilot, app, wait_until)
        await wait_until(pilot, lambda: screen.found[2][0].paid_on == TODAY)
        assert "INV-5390" in "\n".join(shown(app))
        await pilot.press(">")
        await wait_until(pilot, lambda: "paid already" in "\n".join(shown(app)))
    assert ask(story, orders.list_orders)[0].state == "paid"


async def test_the_longest_day_of_a_payment_stands_apart_from_what_it_is_from(story) -> None:
    accepted(story)
    order = ask(story, orders.list_orders)[0]
    act(story, "ana.wu", orders.ship, order.id)
    invoice = act(story, "ana.wu", invoices.issue, order.id)
    act(story, "ana.wu", invoices.pay, invoice, on=TODAY)
    paid = ask(story, invoices.get, invoice, TODAY)
    for width in (80, 140):
        row = orders_words.invoice_row(paid, width, TODAY + dt.timedelta(days=10))
        words = "".join(text for text, _ in row.parts)
        assert f"Wed 18 Nov {ids.show_order(order.id)}" in words


async def test_without_invoices_it_opens_on_the_orders_and_cuts_no_id(story, wait_until, shown) -> None:
    accepted(story)
    app = make_app(story, "ana.wu", f"D-{story.small}")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await go_to_orders(pilot, app, wait_until)
        await wait_until(pilot, lambda: "[1 Orders 1]" in "\n".join(shown(app)))
        order = screen.found[0][0]
        row = next(row for row in shown(app) if order.quote.split()[0] in row)
        assert row.rstrip().endswith(order.quote)
        assert "…" not in row
        assert shown(app)[-1].startswith("1-3 tabs  enter open  > ship")


async def test_n_calls_off_what_was_planned(story, wait_until, shown) -> None:
    accepted(story, contract=True)
    app = make_app(story, "ana.wu", f"D-{story.small}")
    async with app.run_test(size=(140, 40)) as pilot:
        screen = await go_to_orders(pilot, app, wait_until)
        await pilot.press("2")
        await wait_until(pilot, lambda: "K-0031" in "\n".join(shown(app)))
        await on_form(pilot, app, wait_until, "N")
        await fill(pilot, app, wait_until)
        await wait_until(pilot, lambda: screen.found[0])
        assert "1 of 4" in "\n".join(shown(app))
    [order] = ask(story, orders.list_orders)
    assert [line.quantity for line in order.lines][-1] == 2
    assert ask(story, invoices.list_invoices, TODAY) == []


async def test_a_discount_above_the_limit_asks_a_manager_and_y_shows_the_printed_quote(
    story, wait_until, shown
) -> None:
    act(story, "ana.wu", lines.add, story.small, "DOORBELL", 8, discount_bp=2_000)
    quote = act(story, "ana.wu", quotes.create, story.small)
    name = ask(story, quotes.get, quote, NOW)
    app = make_app(story, "ana.wu", f"Q-{name.number:04d} r{name.revision}")
    async with app.run_test(size=(80, 24)) as pilot:
        await on_quote(pilot, app, wait_until, "draft")
        await pilot.press(">")
        await wait_until(pilot, lambda: "asks for approval" in "\n".join(shown(app)))
        form = await on_form(pilot, app, wait_until, "A")
        assert isinstance(form, FormDialog)
        await fill(pilot, app, wait_until, note="two offers")
        await wait_until(pilot, lambda: app.screen.page.discount.asked_of)
        await pilot.press("Y")
        await wait_until(pilot, lambda: isinstance(app.screen, ShowText))
        assert "Contoso Home Security" in app.screen.text
    assert ask(story, quotes.get, quote, NOW).asked_of == ask(story, approvals.find_manager, name_owner(story))


def name_owner(story) -> int:
    from models.deals.details import get_detail

    return ask(story, get_detail, story.small, NOW).owner_id
