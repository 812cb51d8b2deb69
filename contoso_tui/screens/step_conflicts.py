"""The next step of a deal when somebody else has planned another meanwhile: nothing is replaced or closed unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contoso_tui import formats
from contoso_tui.screens import conflicts, deal_work
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.screens.conflicts import Conflict
from models.errors import ChangedMeanwhileError
from models.ids import show_deal

_LABELS = {"text": "Next step", "on": "On", "minute": "At", "minutes": "Takes", "channel": "By"}


async def set_step(screen: ActingScreen, deal_id: int, step: dict[str, Any], before: dict[str, Any]) -> None:
    """Plan a deal's next step, of which `before` stood in the form at first; asks whose is kept, field by field.

    Raises:
        ChangedMeanwhileError: the user went back without choosing; nothing is written.
    """

    async def write(mine: dict[str, Any], seen: dict[str, Any]) -> None:
        # What somebody else has closed is planned anew, whole.
        planned = {**seen, **mine} if seen["text"] else {**step, **mine}
        await screen.change(deal_work.set_steps, [deal_id], planned, seen=seen)

    changed = {name: value for name, value in step.items() if value != before[name]}
    about = Conflict(f"The next step of {show_deal(deal_id)} was changed meanwhile", _LABELS, _words)
    await conflicts.save(screen, about, changed or step, before, write)


async def over_others(
    screen: ActingScreen, change: Callable[..., Any], seen: dict[str, Any] | None, answer: str
) -> None:
    """Carry out a change of the step that the user saw, if any; of another only after asking, with `answer` for yes.

    Raises:
        ChangedMeanwhileError: the user went back; nothing is written.
    """
    known = seen
    while True:
        try:
            await screen.change(change, seen=known)
        except ChangedMeanwhileError as error:
            now = {**(known or {}), **error.theirs}
            lines = [f"{error.message}.", f"Now: {_step(now)}", f"You saw: {_step(known or {})}"]
            if await screen.confirm("Another next step", lines, {"back": "Go back", "go": answer}) != "go":
                raise
            known = now
        else:
            return


def _step(step: dict[str, Any]) -> str:
    if not step.get("text"):
        return "none"
    when = [formats.day_full(step["on"])] if step.get("on") is not None else []
    when += [formats.clock(step["minute"])] if step.get("minute") is not None else []
    return " · ".join([step["text"], " ".join(when)] if when else [step["text"]])


def _words(name: str, value: Any) -> str:
    if name == "minute" and value is not None:
        return formats.clock(value)
    if name == "minutes" and value is not None:
        return formats.length(value)
    return conflicts.plain_words(name, value)
