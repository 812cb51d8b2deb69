"""Two customers made one, and one made two, by key: what it does is shown first, what is to choose is asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from contoso_tui import merge_words
from contoso_tui.dialogs.find_customer import FindCustomer
from contoso_tui.screens.customer_actions import CustomerActions
from importers import lookup
from models import ids
from models.customers.records import Hit
from models.merging import merges, plans, splits
from models.merging.records import MergePlan

_FOUND_AT_MOST = 40


async def merge(screen: CustomerActions, chosen: Sequence[int]) -> MergePlan | None:
    """Merge two customers, the second one found by name where only one is chosen; return what was done."""
    one, *others = chosen
    if not others:
        title = f"Merge {ids.show_customer(one)} · with whom?"
        found = await screen.app.push_screen_wait(FindCustomer(title, partial(_look_up, screen, one), offers_new=False))
        if found is None:
            return None
        others = [ids.customer_id(found)]
    kept, gone = await screen.read(merges.choose_kept, one, others[0])
    while True:
        plan = await screen.read(plans.foresee, screen.host.actor, kept, gone)
        answers = {
            "cancel": "Cancel",
            "merge": f"Merge into {ids.show_customer(kept)}",
            "swap": f"Keep {ids.show_customer(gone)} instead",
        }
        lines = [*merge_words.sentences(plan), "Nothing is lost: u takes it back, and it can be parted any time."]
        answer = await screen.preview("Merge two customers", lines, answers)
        if answer == "swap":
            kept, gone = gone, kept
        elif answer == "merge":
            return plan if await _carry_out(screen, plan) else None
        else:
            return None


async def _look_up(screen: CustomerActions, but: int, text: str) -> list[Hit]:
    found = await screen.read(lookup.find, text, _FOUND_AT_MOST)
    # People are found with their account's id: those of this customer stand for itself.
    return [hit for hit in found if hit.id != but or hit.kind == "deal"]


async def _carry_out(screen: CustomerActions, plan: MergePlan) -> bool:
    if not plan.questions:
        await screen.change(plans.carry_out, plan, {})
        return True

    async def submit(values: dict[str, Any]) -> bool:
        await screen.change(plans.carry_out, plan, values)
        return True

    title = f"Merge into {ids.show_customer(plan.kept_id)} · what both have"
    return bool(await screen.ask(merge_words.form(plan, title, "Merge"), submit))


async def split(screen: CustomerActions, customer_id: int, record_id: int, name: str) -> int | None:
    """Split a source row off a customer; return the new customer's id."""
    lines = [
        f"{name} becomes a customer of its own: its purchases and cards go along.",
        "Deals, nurture and activities stay. Imports never take the two for one again.",
        "u takes it back.",
    ]
    if await screen.preview("Split off a source row", lines, {"cancel": "Cancel", "split": "Split off"}) != "split":
        return None
    return await screen.change(splits.split, customer_id, [record_id])


async def part(screen: CustomerActions, gone_id: int, name: str) -> bool:
    """Part a customer that was merged into the one that is shown."""
    lines = [
        f"{name} ({ids.show_customer(gone_id)}) is a customer of its own again, with all that came along with it.",
        "What was added since stays here. Imports never take the two for one again.",
        "u takes it back.",
    ]
    if await screen.preview("Part two customers", lines, {"cancel": "Cancel", "part": "Part"}) != "part":
        return False
    await screen.change(merges.unmerge, gone_id)
    return True
