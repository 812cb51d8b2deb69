"""The gate, asked until nothing is missing: it stays open over every save that leaves a condition unmet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.dialogs import deal_form, gate
from contoso_tui.screens import ACTIONS, conflicts, deal_edit, deal_work, load
from models.deals import gates, stages
from models.deals.records import Outcome
from models.errors import Blocker, RefusedError
from models.ids import show_deal

if TYPE_CHECKING:
    from contoso_tui.forms.fields import Form
    from contoso_tui.screens.acting import ActingScreen
    from contoso_tui.screens.deal_actions import DealActions


async def pass_gate(screen: DealActions, deal_id: int, goal: str | None, lead: str = "") -> None:
    """Show what keeps a deal from `goal` (a stage's id, None for the next), store what is filled in, and move it.

    What is saved is kept, and the rest asked again, until the deal has moved or the form is left. `lead` says what
    it is asked for.
    """
    kept: tuple[str, ...] = ()
    wanted = goal
    while True:
        view = await screen.read(deal_work.read_gate, deal_id, goal, screen.host.clock())
        goal = view.goal
        if goal == gates.WON:
            # Winning has a dialog of its own, with the walk-through; what that can't ask for is settled first.
            view = replace(view, missing=_elsewhere(view.missing))
            if gate.next_action(view.missing, view.deal.stage.id) is None:
                await screen.win_deal(deal_id)
                return
        draft = screen.draft_key("deal.forward", show_deal(deal_id))
        form = gate.gate_form(
            view.deal, view.goal_name, view.missing, view.products, draft, kept, lead, _asked(screen, view)
        )
        if not view.missing:
            screen.status(f"Nothing keeps {show_deal(deal_id)} here any more: {_forward_key(screen)} moves it")
            return
        action = gate.next_action(view.missing, view.deal.stage.id)
        if action is not None:
            if await screen.ask(replace(form, draft=None)) is not None:
                await _settle(screen, action[0], view.deal.stage.id, deal_id, wanted)
            return
        filled = await _save(screen, view, form)
        if filled is None:
            return
        await screen.deals_changed([deal_id], follow=deal_id)
        if not filled:
            return
        kept = filled


async def _settle(screen: DealActions, action: str, stage: str, deal_id: int, goal: str | None) -> None:
    """Start what settles the first condition without a field; the deal moves by itself once nothing is missing."""
    below = screen.app.screen
    await load(ACTIONS[action])(screen, deal_id)
    opened: Any = screen.app.screen
    if opened is below:
        await _try_again(screen, screen, stage, deal_id, goal)
        await screen.deals_changed([deal_id], follow=deal_id)
    else:
        # A page of its own, such as the quote's: tried again when something was done there.
        opened.when_settled = partial(_try_again, screen, opened, stage, deal_id, goal)


async def _try_again(screen: DealActions, front: ActingScreen, stage: str, deal_id: int, goal: str | None) -> None:
    """Move a deal that still stands in `stage` once nothing keeps it there, or ask to win it; tell it in front."""
    view = await screen.read(deal_work.read_gate, deal_id, goal, screen.host.clock())
    if view.deal.outcome is not Outcome.OPEN or view.deal.stage.id != stage or view.goal == stage:
        return
    if view.goal == gates.WON and not _elsewhere(view.missing):
        await screen.win_deal(deal_id)
        if front is not screen:
            front.status(screen.status_row.message)
    elif not view.missing:
        await front.change(stages.move, [deal_id], view.goal)


def _elsewhere(missing: Sequence[Blocker]) -> list[Blocker]:
    """Return what no field of a form can settle."""
    return [blocker for blocker in missing if not blocker.is_fillable]


def _asked(screen: DealActions, view: deal_work.GateView) -> str:
    """Say who was asked for the tech check, and when; empty where nobody was."""
    request = view.request
    if request is None:
        return ""
    on = request.asked_at.astimezone(ZoneInfo(screen.host.settings.zone)).date()
    return f"Asked {request.asked_of} {formats.on_day(on, screen.host.today())}, no answer yet."


def _forward_key(screen: DealActions) -> str:
    return screen.host.keymap.key("deal.forward")


async def _save(screen: DealActions, view: deal_work.GateView, form: Form) -> tuple[str, ...] | None:
    """Return the names of what was stored while the deal stays, none if it has moved; None if the form was left."""

    async def submit(values: dict[str, Any]) -> tuple[str, ...]:
        answers = gate.read_answers(values, view.missing, view.deal)
        names = gate.filled_in(answers)
        if not names:
            raise RefusedError(f"Still missing: {', '.join(gate.names_of(view.missing))}")
        has_moved = False

        async def write(mine: dict[str, Any], seen: dict[str, Any]) -> None:
            nonlocal has_moved
            filled, version = replace(answers, changes=mine), view.deal.version
            moved = await screen.change(
                deal_work.fill_and_move, view.deal.id, view.goal, filled, version=version, seen=seen
            )
            has_moved = moved is not None

        about = deal_edit.conflict_of(screen, view.deal)
        await conflicts.save(screen, about, answers.changes, deal_form.seen(view.deal), write, is_whole=True)
        return () if has_moved else names

    filled: tuple[str, ...] | None = await screen.ask(form, submit)
    return filled
