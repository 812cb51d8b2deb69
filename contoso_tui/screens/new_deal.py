"""A new deal, from the board, a customer or a deal: whose, then the fields."""

from __future__ import annotations

import datetime as dt
from typing import Any

from contoso_tui.dialogs.customer_forms import check_addresses
from contoso_tui.dialogs.deal_form import new_form
from contoso_tui.dialogs.find_customer import NEW, FindCustomer
from contoso_tui.forms.fields import Choice, Form, FormField
from contoso_tui.screens import new_customer
from contoso_tui.screens.acting import ActingScreen
from models import ids, journal, process
from models.customers import customers
from models.customers.records import Hit
from models.deals import deals
from models.people.records import Actor

_FOUND_AT_MOST = 40


async def new_deal(screen: ActingScreen, customer_id: int | None, what: str = "") -> int | None:
    """Ask for a new deal's customer, unless given, and its fields; return its id, None if it was left.

    `what` is filled in as what is sold.
    """
    fresh: dict[str, Any] | None = None
    if customer_id is None:
        chosen = await find_customer(screen, "New deal · whose?")
        if chosen is None:
            return None
        if isinstance(chosen, dict):
            fresh, name = chosen, str(chosen["name"])
        else:
            customer_id = chosen
    if customer_id is not None:
        name = (await screen.read(customers.get_row, customer_id)).name
    subject = ids.show_customer(customer_id) if customer_id is not None else name

    async def submit(values: dict[str, Any]) -> int:
        filled = {key: value for key, value in values.items() if value is not None}
        if fresh is not None:
            return await screen.change(create_with_customer, fresh, filled)
        return await screen.change(deals.create, customer_id, **filled)  # type: ignore[arg-type]

    rules = await screen.read(process.current)
    form = new_form(name, screen.draft_key("item.new", subject), rules.pipeline_names, screen.pipeline, what)
    made: int | None = await screen.ask(form, submit)
    return made


async def find_customer(screen: ActingScreen, title: str) -> int | dict[str, Any] | None:
    """Return the id of the customer that was chosen, the fields of a new one, or None."""

    async def look_up(text: str) -> list[Hit]:
        # Needed only when a name is typed.
        from importers import lookup

        return await screen.read(lookup.find, text, _FOUND_AT_MOST)

    chosen = await screen.app.push_screen_wait(FindCustomer(title, look_up))
    if chosen is None:
        return None
    if not chosen.startswith(NEW):
        return ids.customer_id(chosen)

    async def submit(values: dict[str, Any]) -> int | dict[str, Any]:
        existing = await new_customer.find_existing(screen, values)
        return values if existing is None else existing

    named: int | dict[str, Any] | None = await screen.ask(_customer_form(chosen.removeprefix(NEW)), submit)
    return named


def _customer_form(name: str) -> Form:
    kinds = (Choice("individual", "individual"), Choice("corporate", "corporate account"))
    return Form(
        title="New customer",
        fields=(
            FormField("name", "Name", required=True, value=name),
            FormField("kind", "Kind", "choice", required=True, choices=kinds),
            FormField("email", "Email"),
            FormField("phone", "Phone"),
        ),
        save_label="Go on",
        foot=("The customer is made together with the deal.",),
        check=check_addresses,
    )


def create_with_customer(actor: Actor, now: dt.datetime, customer: dict[str, Any], fields: dict[str, Any]) -> int:
    """Make a customer and their first deal as one action, and return the deal's id."""
    known = {name: value for name, value in customer.items() if value is not None}
    with journal.action(actor, now, "deal.create", f"New deal for {customer['name']}") as made:
        customer_id = customers.create(actor, now, **known)
        deal_id = deals.create(actor, now, customer_id, **fields)
        made.summary = f"New deal {ids.show_deal(deal_id)} for {customer['name']}"
        return deal_id
