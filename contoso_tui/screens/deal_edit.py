"""Changing a deal's fields, also when somebody else changed the same ones meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from contoso_tui import formats
from contoso_tui.dialogs import deal_form
from contoso_tui.dialogs.conflict import ConflictDialog, Difference
from contoso_tui.screens.acting import ActingScreen
from models.deals import deals
from models.deals.detail_records import DealDetail
from models.deals.details import get_detail
from models.deals.records import TechState
from models.errors import ChangedMeanwhileError
from models.ids import show_deal


async def edit_deal(screen: ActingScreen, deal: DealDetail, only: Sequence[str] = ()) -> bool:
    """Ask a deal's fields, or those named, and save what was changed; True if something was."""
    key = screen.draft_key(f"item.edit:{','.join(only)}" if only else "item.edit", show_deal(deal.id))

    async def submit(values: dict[str, Any]) -> bool:
        return await save(screen, deal, deal_form.changes(values, deal))

    return bool(await screen.ask(deal_form.edit_form(deal, key, only), submit))


async def save(screen: ActingScreen, deal: DealDetail, wanted: dict[str, Any]) -> bool:
    """Save changed fields; where others changed the same ones, ask whose is kept.

    Raises:
        ChangedMeanwhileError: the user went back without choosing; nothing is written.
    """
    start = deal
    while wanted:
        try:
            await screen.change(deals.edit, deal.id, wanted, version=start.version, seen=deal_form.seen(start))
        except ChangedMeanwhileError as error:
            now = await screen.read(get_detail, deal.id, screen.host.clock())
            mine = await _choose(screen, error, start, now, wanted)
            if mine is None:
                raise
            wanted = {name: value for name, value in wanted.items() if name in mine}
            start = now
        else:
            return True
    return False


async def _choose(
    screen: ActingScreen, error: ChangedMeanwhileError, before: DealDetail, now: DealDetail, wanted: dict[str, Any]
) -> frozenset[str] | None:
    def words(name: str, value: Any) -> str:
        return deal_form.as_typed(name, value, now.currency)

    differences = [
        Difference(
            name,
            deal_form.LABELS[name],
            words(name, deal_form.present(now, name)),
            words(name, value),
            words(name, deal_form.present(before, name)),
        )
        for name, value in wanted.items()
    ]
    title = f"{show_deal(now.id)} {now.customer} was changed meanwhile"
    return await screen.app.push_screen_wait(ConflictDialog(title, error.message, differences, _rules(before, now)))


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
