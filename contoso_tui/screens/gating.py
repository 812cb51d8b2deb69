"""The gate, asked until nothing is missing: it stays open over every save that leaves a condition unmet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contoso_tui.dialogs import gate
from contoso_tui.screens import ACTIONS, deal_work, load
from models.deals import gates, stages
from models.errors import RefusedError
from models.ids import show_deal

if TYPE_CHECKING:
    from contoso_tui.forms.fields import Form
    from contoso_tui.screens.deal_actions import DealActions


async def pass_gate(screen: DealActions, deal_id: int, goal: str | None) -> None:
    """Show what keeps a deal from `goal` (a stage's id, None for the next), store what is filled in, and move it.

    What is saved is kept, and the rest asked again, until the deal has moved or the form is left.
    """
    kept: tuple[str, ...] = ()
    while True:
        view = await screen.read(deal_work.read_gate, deal_id, goal, screen.host.clock())
        goal = view.goal
        if goal == gates.WON:
            await screen.win_deal(deal_id)
            return
        draft = screen.draft_key("deal.forward", show_deal(deal_id))
        form = gate.gate_form(view.deal, view.goal_name, view.missing, view.products, draft, kept)
        if not view.missing:
            screen.status(f"Nothing keeps {show_deal(deal_id)} here any more: {_forward_key(screen)} moves it")
            return
        action = gate.next_action(view.missing)
        if action is not None:
            if await screen.ask(replace(form, draft=None)) is not None:
                await load(ACTIONS[action[0]])(screen, deal_id)
                await _try_again(screen, deal_id, goal)
            return
        filled = await _save(screen, view, form)
        if filled is None:
            return
        await screen.deals_changed([deal_id], follow=deal_id)
        if not filled:
            return
        kept = filled


async def _try_again(screen: DealActions, deal_id: int, goal: str) -> None:
    """Move a deal of which what kept it was settled elsewhere; leave it where something is missing still."""
    view = await screen.read(deal_work.read_gate, deal_id, goal, screen.host.clock())
    if not view.missing and view.deal.stage.id != goal:
        await screen.change(stages.move, [deal_id], goal)
    await screen.deals_changed([deal_id], follow=deal_id)


def _forward_key(screen: DealActions) -> str:
    return screen.host.keymap.key("deal.forward")


async def _save(screen: DealActions, view: deal_work.GateView, form: Form) -> tuple[str, ...] | None:
    """Return the names of what was stored while the deal stays, none if it has moved; None if the form was left."""

    async def submit(values: dict[str, Any]) -> tuple[str, ...]:
        answers = gate.read_answers(values, view.missing, view.deal)
        names = gate.filled_in(answers)
        if not names:
            raise RefusedError(f"Still missing: {', '.join(gate.names_of(view.missing))}")
        moved = await screen.change(
            deal_work.fill_and_move, view.deal.id, view.goal, answers, version=view.deal.version
        )
        return names if moved is None else ()

    filled: tuple[str, ...] | None = await screen.ask(form, submit)
    return filled
