"""Changing one value of a customer, and the people of an account, on the customer's screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from contoso_tui.dialogs import customer_forms
from contoso_tui.drafts import PERSON_ADD, PERSON_EDIT
from contoso_tui.forms.fields import Choice
from contoso_tui.screens import conflicts, customer_work
from contoso_tui.screens.conflicts import Conflict
from models import ids
from models.customers import choosing, customers, people
from models.errors import ChangedMeanwhileError

if TYPE_CHECKING:
    from contoso_tui.screens.acting import ActingScreen
    from models.customers.records import CustomerProfile, Person, ValueSource

_BY_HAND, _FOLLOW, _TAKE = "hand", "follow", "take:"


async def edit_value(screen: ActingScreen, profile: CustomerProfile, field: ValueSource) -> bool:
    """Choose another source's value for a field, pin one by hand, or follow the sources; False if it was left."""
    from contoso_tui.dialogs.picker import Picker

    choices = [
        Choice(f"{_TAKE}{other.source}:{other.key}", other.value, f"{other.source} {other.key}")
        for other in field.others
        if other.value
    ]
    choices.append(Choice(_BY_HAND, "Enter it by hand…", "pins it"))
    if field.source in ("pin", "crm") and profile.sources:
        choices.append(Choice(_FOLLOW, "Follow the sources again", profile.rule))
    if len(choices) == 1:
        chosen: str | None = _BY_HAND
    else:
        chosen = await screen.app.push_screen_wait(Picker(f"{field.label.capitalize()} · {profile.name}", choices))
    if chosen is None:
        return False
    shown = customer_forms.value_form(profile.name, field, profile.address)
    seen = customer_forms.as_changes(customer_forms.started_with(shown, screen.host.today()))
    if chosen == _FOLLOW:
        await screen.change(choosing.follow, profile.id, field.field, seen=seen)
        return True
    if chosen.startswith(_TAKE):
        source, _, key = chosen.removeprefix(_TAKE).partition(":")
        await screen.change(choosing.take, profile.id, field.field, source, key, seen=seen)
        return True

    return await pin_by_hand(screen, profile, field)


async def pin_by_hand(screen: ActingScreen, profile: CustomerProfile, field: ValueSource) -> bool:
    """Ask for a value that stays whatever imports say; False if it was left."""
    draft = screen.draft_key(f"item.edit:{field.field}", ids.show_customer(profile.id))
    form = customer_forms.value_form(profile.name, field, profile.address, draft)
    before = customer_forms.started_with(form, screen.host.today())
    labels = {field.field: field.label.capitalize()}
    about = Conflict(f"{profile.name} was changed meanwhile", labels, customer_forms.in_words)

    async def write(mine: dict[str, Any], seen: dict[str, Any]) -> None:
        changes, known = customer_forms.as_changes(mine), customer_forms.as_changes(seen)
        try:
            await screen.change(customers.edit, profile.id, changes, seen=known)
        except ChangedMeanwhileError as error:
            if field.field == "address":
                # It is chosen whole, never street from one and city from another.
                now = customer_forms.address_of(error.theirs, seen["address"])
                raise ChangedMeanwhileError(error.message, {"address": now}) from None
            raise

    async def submit(values: dict[str, Any]) -> bool:
        await conflicts.save(screen, about, customer_forms.read_value(values), before, write)
        return True

    return bool(await screen.ask(form, submit))


async def edit_person(screen: ActingScreen, profile: CustomerProfile, person: Person | None) -> bool:
    """Change a person of the account, or add one; False if it was left."""
    kind = PERSON_ADD if person is None else f"{PERSON_EDIT}:{person.id}"
    draft = screen.draft_key(kind, ids.show_customer(profile.id))

    async def submit(values: dict[str, Any]) -> bool:
        entered = customer_forms.read_person(values)
        if person is None:
            await screen.change(customer_work.add_person, profile.id, entered)
        else:
            await _save_person(screen, profile, person, entered)
        return True

    return bool(await screen.ask(customer_forms.person_form(profile.name, person, draft), submit))


async def _save_person(screen: ActingScreen, profile: CustomerProfile, person: Person, entered: dict[str, Any]) -> None:
    before = {name: getattr(person, name) for name in entered}
    title = f"{person.name} · {profile.name} was changed meanwhile"

    async def write(mine: dict[str, Any], seen: dict[str, Any]) -> None:
        await screen.change(people.change, person.id, mine, seen=seen)

    wanted = {name: value for name, value in entered.items() if value != before[name]}
    about = Conflict(title, customer_forms.PERSON_LABELS, customer_forms.in_words)
    await conflicts.save(screen, about, wanted, before, write)


async def open_person(screen: ActingScreen, profile: CustomerProfile, person: Person) -> bool:
    """Offer what can be done with a person; False if it was left."""
    from contoso_tui.dialogs.picker import Picker

    choices = [
        Choice("edit", "Edit…"),
        Choice("first", "Make the first person", "nurture and quotes address them"),
        Choice("remove", f"Take off {profile.name}", "u takes it back"),
    ]
    here = {"first": "is it already"} if person.is_primary else {}
    chosen = await screen.app.push_screen_wait(Picker(f"{person.name} · {profile.name}", choices, here))
    if chosen == "edit":
        return await edit_person(screen, profile, person)
    if chosen == "first":
        await screen.change(people.make_primary, person.id)
    elif chosen == "remove":
        await screen.change(people.remove, person.id)
    return chosen is not None
