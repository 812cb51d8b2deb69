"""Changing a deal's fields, also when somebody else changed the same ones meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contoso_tui import formats
from contoso_tui.dialogs import deal_form
from contoso_tui.screens import conflicts
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.screens.conflicts import Conflict
from models.deals import deals, stages
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from models.deals.records import TechState
from models.ids import show_deal

_WALK = ("walkthrough_on", "walkthrough_with", "walkthrough_ready")


async def edit_deal(screen: ActingScreen, deal: DealDetail, only: Sequence[str] = ()) -> bool:
    """Ask a deal's fields, or those named, and save what was changed; True if something was."""
    key = screen.draft_key(f"item.edit:{','.join(only)}" if only else "item.edit", show_deal(deal.id))

    async def submit(values: dict[str, Any]) -> bool:
        async def write(mine: dict[str, Any], seen: dict[str, Any]) -> None:
            await screen.change(deals.edit, deal.id, mine, version=deal.version, seen=seen)

        return await conflicts.save(
            screen, conflict_of(screen, deal), deal_form.changes(values, deal), deal_form.seen(deal), write
        )

    return bool(await screen.ask(deal_form.edit_form(deal, key, only), submit))


async def win(screen: ActingScreen, deal: DealDetail, values: dict[str, Any]) -> None:
    """Win a deal with what the form noted of its walk-through; where others noted another, ask whose is kept.

    Raises:
        ChangedMeanwhileError: the user went back without choosing; nothing is written.
    """
    noted = {name: values["is_ready" if name == "walkthrough_ready" else name] for name in _WALK}

    async def write(mine: dict[str, Any], seen: dict[str, Any]) -> None:
        kept = {**{name: seen[name] for name in _WALK}, **mine}
        ready = bool(kept.pop("walkthrough_ready"))
        await screen.change(stages.win, deal.id, **kept, is_ready=ready, on=values["on"], seen=seen)

    before = deal_form.seen(deal)
    changed = {name: value for name, value in noted.items() if value != before[name]}
    await conflicts.save(screen, conflict_of(screen, deal), changed, before, write, is_whole=True)


def conflict_of(screen: ActingScreen, before: DealDetail) -> Conflict:
    """Return what the dialog says where others changed the same fields of a deal that was read as `before`."""

    def words(name: str, value: Any) -> str:
        return deal_form.as_typed(name, value, before.currency)

    async def notes() -> Sequence[str]:
        return _rules(before, await screen.read(get_detail, before.id, screen.host.clock()))

    title = f"{show_deal(before.id)} {before.customer} was changed meanwhile"
    return Conflict(title, deal_form.LABELS, words, notes)


def _rules(before: DealDetail, now: DealDetail) -> list[str]:
    """Return what the other's change brings with it."""
    if before.amount_usd_cents == now.amount_usd_cents:
        return []
    amounts = (
        f"{formats.money(before.amount_minor, before.currency)} -> {formats.money(now.amount_minor, now.currency)}"
    )
    if before.tech is TechState.NOT_NEEDED and now.tech is not TechState.NOT_NEEDED:
        return [f"Meanwhile the amount changed, {amounts}: a tech check applies."]
    if before.tech.is_valid and not now.tech.is_valid:
        return [f"Meanwhile the amount changed, {amounts}: the sign-off no longer holds."]
    return [f"Meanwhile the amount changed, {amounts}."]
