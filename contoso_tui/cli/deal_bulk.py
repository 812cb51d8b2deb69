"""`contoso deal set` and `assign` for several deals: what can be changed is said first, and done as one undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from contoso_tui.cli.deal_answers import say_changed
from contoso_tui.cli.errors import LEFT_FOR_REVIEW
from models import ids
from models.errors import RefusedError, UsageError
from models.words import counted

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.deals.detail_records import MovePreview

# Changes of more deals than this ask first, like the screens.
ASK_ABOVE = 10


def set_fields(call: Call, deal_ids: Sequence[int], fields: Mapping[str, Any], names: str) -> int:
    """Change fields of those deals that can be changed."""
    from models.deals import bulk

    if not fields:
        raise UsageError("Nothing to change: name a field and its value, such as category=commit")

    def change(free: Sequence[int]) -> None:
        bulk.edit(call.actor._replace(path="bulk"), call.now, free, fields)

    found = bulk.preview_edit(call.actor, call.now, deal_ids, fields)
    return _carry_out(call, found, "be changed", f"Changed {names} of", change)


def hand_over(call: Call, deal_ids: Sequence[int], login: str) -> int:
    """Hand over those deals that can be."""
    from models.deals import bulk, deals

    def change(free: Sequence[int]) -> None:
        deals.assign(call.actor._replace(path="bulk"), call.now, free, login)

    found = bulk.preview_assign(call.actor, call.now, deal_ids, login)
    return _carry_out(call, found, "be handed over", f"Handed to {login}:", change)


def _carry_out(
    call: Call, found: Sequence[MovePreview], verb: str, done: str, change: Callable[[Sequence[int]], None]
) -> int:
    if call.args.if_rev is not None:
        raise UsageError("--if-rev is for one deal at a time")
    free = [one.deal_id for one in found if not one.blocked]
    blocked = [one for one in found if one.blocked]
    call.out.message(f"{len(free)} can {verb}, {len(blocked)} cannot")
    for one in blocked:
        call.out.message(f"  {ids.show_deal(one.deal_id)} {one.customer}: {one.blocked}")
    if not free:
        raise RefusedError(f"None of these deals can {verb}")
    if (blocked or len(free) > ASK_ABOVE) and not call.confirm(f"Go on with {counted(len(free), 'deal')}?"):
        return 0
    change(free)
    say_changed(call, free, f"{done} {counted(len(free), 'deal')} · contoso undo takes all back")
    return LEFT_FOR_REVIEW if blocked else 0
