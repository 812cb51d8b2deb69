"""Before a customer is made: is it one that is here already?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contoso_tui.dialogs.alike import NEW, Alike
from contoso_tui.screens.acting import ActingScreen
from models.customers.records import Hit
from models.errors import RefusedError


async def find_existing(screen: ActingScreen, values: Mapping[str, Any]) -> int | None:
    """Return the id of the customer that the user means instead of a new one; None if a new one is to be made.

    Call it while the form is open.

    Raises:
        RefusedError: the user went back to the form.
    """

    def look_up() -> list[Hit]:
        # Needed only when somebody makes a customer.
        from importers import lookup

        email, phone = str(values.get("email") or ""), str(values.get("phone") or "")
        return lookup.alike(str(values["name"]), email, phone, is_corporate=values.get("kind") == "corporate")

    hits = await screen.read(look_up)
    if not hits:
        return None
    chosen = await screen.app.push_screen_wait(Alike(str(values["name"]), hits))
    if chosen is None:
        raise RefusedError("Nothing is made yet: change what is typed, or close the form")
    return chosen if chosen != NEW else None
