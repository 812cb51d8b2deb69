"""Changing several deals at once by key: a field or the owner, after seeing which can be changed and why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from contoso_tui.dialogs import deal_form
from contoso_tui.dialogs.picker import Picker
from contoso_tui.forms.fields import Choice, Form
from contoso_tui.screens.deal_actions import ASKED_ABOVE, DealActions
from contoso_tui.screens.deal_edit import edit_deal
from models.deals import bulk, deals
from models.deals.detail_records import MovePreview
from models.deals.details import get_detail
from models.ids import show_deal

_REASONS_SHOWN = 6


async def edit_deals(screen: DealActions, ids: Sequence[int]) -> bool:
    """Ask for one deal's fields, or one field that several get, and save it; True if something was changed."""
    if len(ids) == 1:
        return await edit_deal(screen, await screen.read(get_detail, ids[0], screen.host.clock()))
    choices = [Choice(name, label) for name, label in deal_form.LABELS.items()]
    name = await screen.app.push_screen_wait(Picker(f"Change of {len(ids)} deals", choices))
    if name is None:
        return False
    title = f"{deal_form.LABELS[name]} of {len(ids)} deals"
    field = replace(deal_form.field_of(name), value="")
    values: dict[str, Any] | None = await screen.ask(Form(title=title, fields=(field,), foot=("u takes it back.",)))
    if values is None:
        return False
    changes = {name: deal_form.kept_value(name, values[name])}
    actor, now = screen.host.actor, screen.host.clock()
    found = await screen.host.store.write(bulk.preview_edit, actor, now, list(ids), changes)
    acting = actor._replace(path="bulk")
    return await _carry_out(screen, found, title, lambda free: bulk.edit(acting, screen.host.clock(), free, changes))


async def assign_deals(screen: DealActions, ids: Sequence[int], login: str) -> bool:
    """Hand several deals over, after showing which can't be; True if some were."""
    actor, now = screen.host.actor, screen.host.clock()
    found = await screen.host.store.write(bulk.preview_assign, actor, now, list(ids), login)
    acting = actor._replace(path="bulk")
    title = f"Hand {len(ids)} deals to {login}"
    return await _carry_out(screen, found, title, lambda free: deals.assign(acting, screen.host.clock(), free, login))


async def _carry_out(
    screen: DealActions, found: Sequence[MovePreview], title: str, change: Callable[[Sequence[int]], None]
) -> bool:
    free = [row.deal_id for row in found if not row.blocked]
    blocked = [row for row in found if row.blocked]
    if blocked or len(free) > ASKED_ABOVE:
        counts = f"{len(free)} can be changed, {len(blocked)} cannot" + (":" if blocked else ".")
        answers = {"cancel": "Cancel", "go": f"Change {len(free)}"} if free else {"cancel": "Close"}
        if await screen.confirm(title, [counts, *blocked_words(blocked)], answers) != "go":
            return False
    await screen.change(lambda _actor, _now: change(free))
    return True


def blocked_words(blocked: Sequence[MovePreview]) -> list[str]:
    """Return why deals cannot move, those with the same reason together, most common first."""
    by_reason: dict[str, list[MovePreview]] = {}
    for row in blocked:
        reason = row.blocked.removeprefix(f"{show_deal(row.deal_id)} {row.customer}").strip(": ")
        by_reason.setdefault(reason, []).append(row)
    words: list[str] = []
    for reason, rows in sorted(by_reason.items(), key=lambda pair: -len(pair[1]))[:_REASONS_SHOWN]:
        names = ", ".join(f"{show_deal(row.deal_id)} {row.customer}" for row in rows[:3])
        more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
        words.append(f"x {names}{more}: {reason}")
    return words
