"""What can be done with deals by key, on the board and on a deal's screen: moving, closing, asking, quoting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work

from contoso_tui.later import Later
from contoso_tui.screens import ACTIONS, deal_reasons, load
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.widgets.board_cursor import BoardCursor
from models.errors import GateError, UsageError
from models.ids import show_deal

if TYPE_CHECKING:
    from contoso_tui.dialogs import closing, steps
    from contoso_tui.drafts import DraftKey
    from contoso_tui.forms import fields
    from contoso_tui.screens import deal_bulk, deal_edit, deal_work, gating
    from models import process
    from models.deals import deals, details, gates, stages
    from models.deals.detail_records import DealDetail
    from models.deals.records import DealCard
    from models.people import users
    from models.people.records import Actor
else:
    closing = Later("contoso_tui.dialogs.closing")
    steps = Later("contoso_tui.dialogs.steps")
    fields = Later("contoso_tui.forms.fields")
    deal_bulk = Later("contoso_tui.screens.deal_bulk")
    deal_edit = Later("contoso_tui.screens.deal_edit")
    deal_work = Later("contoso_tui.screens.deal_work")
    gating = Later("contoso_tui.screens.gating")
    process = Later("models.process")
    deals = Later("models.deals.deals")
    details = Later("models.deals.details")
    gates = Later("models.deals.gates")
    stages = Later("models.deals.stages")
    users = Later("models.people.users")

ASKED_ABOVE = 10
"""A change of more rows than this is shown before it is made (ux: conventions)."""
# These keys take the cursor along with the deal.
_FOLLOWING = frozenset({"L", "H", "shift+right", "shift+left"})


class DealActions(ActingScreen):
    """Keys of the scope's deal actions; the screen says which deals they are for."""

    @property
    def card(self) -> DealCard | None:
        """The deal under the cursor."""
        raise NotImplementedError

    def deal_ids(self) -> list[int]:
        """Return the deals an action is for: the marked ones, else the one under the cursor."""
        raise NotImplementedError

    async def deals_changed(self, ids: Sequence[int], *, follow: int | None = None) -> None:
        """Show these deals as they stand after a change; `follow` is where the cursor goes."""
        raise NotImplementedError

    def _draft_of(self, ids: Sequence[int], kind: str) -> DraftKey | None:
        """Return under which key a form for one deal keeps its draft; one for several keeps none."""
        return self.draft_key(kind, show_deal(ids[0])) if len(ids) == 1 else None

    # ---- forward

    def action_deal_forward(self) -> None:
        """Move to the next stage, or open what is missing."""
        ids = self.deal_ids()
        if len(ids) == 1:
            self._forward(ids[0], follows=self.host.last_key in _FOLLOWING)
        else:
            self._bulk_move(ids, None)

    @work
    async def _forward(self, deal_id: int, *, follows: bool) -> None:
        card = self.card
        version = card.version if card is not None and card.id == deal_id else None
        try:
            await self.change(stages.forward, deal_id, version=version)
        except GateError:
            await self.open_gate(deal_id, None)
            return
        await self.deals_changed([deal_id], follow=deal_id if follows else None)

    async def open_gate(self, deal_id: int, goal: str | None) -> None:
        """Show what keeps a deal from `goal` (a stage's id, None for the next), fill it in, and move it."""
        await gating.pass_gate(self, deal_id, goal)

    # ---- back

    def action_deal_backward(self) -> None:
        """Move to the previous stage, with a reason."""
        self._backward(self.deal_ids(), follows=self.host.last_key in _FOLLOWING)

    @work
    async def _backward(self, ids: Sequence[int], *, follows: bool) -> None:
        deal = await self.read(details.get_detail, ids[0], self.host.clock())
        rules = await self.read(process.current)
        target = gates.previous_stage(deal, rules)
        if target is None and len(ids) == 1:
            self.refuse(f"{show_deal(deal.id)} {deal.customer} is in {deal.stage.name}, the first stage")
            return
        stale = [] if target is None or not gates.needs_check(deal, rules) else self._stale_words(deal, target.id)
        what = f"{deal.customer} back to {target.name}" if len(ids) == 1 and target else f"{len(ids)} deals back"
        form = steps.reason_form(
            f"Move {what}", ("All data stays.", *stale), "Move back", draft=self._draft_of(ids, "deal.backward")
        )

        async def submit(values: dict[str, str]) -> bool:
            goal = target.id if target is not None and len(ids) == 1 else None
            await self.change(deal_work.move_back, list(ids), values["reason"], target=goal)
            return True

        if await self.ask(form, submit):
            await self.deals_changed(ids, follow=ids[0] if follows else None)

    @staticmethod
    def _stale_words(deal: DealDetail, target: str) -> list[str]:
        return ["The sign-off becomes stale (T~)."] if deal.tech.is_valid and target != deal.stage.id else []

    # ---- move to a stage or an owner

    def action_deal_move(self) -> None:
        """Choose a stage, an owner, or who is on the team."""
        self._move(self.deal_ids())

    @work
    async def _move(self, ids: Sequence[int]) -> None:
        from contoso_tui.dialogs.picker import Picker

        deal = await self.read(details.get_detail, ids[0], self.host.clock())
        rules = await self.read(process.current)
        logins = await self.read(users.list_logins)
        choices = [fields.Choice(f"stage:{stage.id}", stage.name, "stage") for stage in rules.stages(deal.pipeline)]
        choices += [fields.Choice(f"owner:{login}", login, "owner") for login in logins]
        if len(ids) == 1:
            choices.append(fields.Choice("team", "Team…", ", ".join(deal.team) or "nobody yet"))
        here = {f"stage:{deal.stage.id}": "it is there", f"owner:{deal.owner}": "owns it"} if len(ids) == 1 else {}
        what = f"{show_deal(deal.id)} {deal.customer}" if len(ids) == 1 else f"{len(ids)} deals"
        chosen = await self.app.push_screen_wait(Picker(f"Move {what} to", choices, here))
        if chosen is None:
            return
        kind, _, value = chosen.partition(":")
        if kind == "team":
            if await load("contoso_tui.screens.deal_team:change_team")(self, deal.id):
                await self.deals_changed(ids)
        elif kind == "owner" and len(ids) > 1:
            if await deal_bulk.assign_deals(self, ids, value):
                await self.deals_changed(ids)
        elif kind == "owner":
            await self.change(deals.assign, list(ids), value, seen=deal.owner)
            await self.deals_changed(ids)
        elif len(ids) > 1:
            self._bulk_move(ids, value)
        else:
            await self._move_one(deal, value)

    @on(BoardCursor.Dropped)
    @work
    async def _dropped(self, message: BoardCursor.Dropped) -> None:
        await self._move_one(await self.read(details.get_detail, message.deal_id, self.host.clock()), message.stage_id)

    async def _move_one(self, deal: DealDetail, stage_id: str) -> None:
        rules = await self.read(process.current)
        target = rules.stage(deal.pipeline, stage_id)
        if target.position < deal.stage.position:
            title = f"Move {deal.customer} back to {target.name}"
            draft = self._draft_of([deal.id], f"deal.move:{stage_id}")
            form = steps.reason_form(title, ("All data stays.",), "Move back", draft=draft)

            async def submit(values: dict[str, str]) -> bool:
                await self.change(stages.move, [deal.id], stage_id, values["reason"])
                return True

            if await self.ask(form, submit):
                await self.deals_changed([deal.id], follow=deal.id)
            return
        try:
            await self.change(stages.move, [deal.id], stage_id)
        except GateError:
            await self.open_gate(deal.id, stage_id)
        else:
            await self.deals_changed([deal.id], follow=deal.id)

    # ---- several

    @work
    async def edit_several(self, ids: Sequence[int]) -> None:
        """Change fields of these deals: of one its form, of several one field, the same for all."""
        if await deal_bulk.edit_deals(self, ids):
            await self.deals_changed(ids)

    @work
    async def _bulk_move(self, ids: Sequence[int], stage_id: str | None) -> None:
        found = await self.read(stages.preview, self.host.actor, self.host.clock(), list(ids), stage_id)
        can = [row.deal_id for row in found if not row.blocked]
        blocked = [row for row in found if row.blocked]
        if blocked or len(can) > ASKED_ABOVE:
            counts = f"{len(can)} can move, {len(blocked)} cannot" + (":" if blocked else ".")
            answers = {"cancel": "Cancel", "move": f"Move {len(can)}"} if can else {"cancel": "Close"}
            told = [counts, *deal_bulk.blocked_words(blocked)]
            if await self.confirm(f"Move {len(ids)} deals", told, answers) != "move":
                return
        actor = self.host.actor._replace(path="bulk")
        if stage_id is None and len(can) == 1:
            await self.change(stages.forward, can[0])
        elif stage_id is None:
            await self.change(lambda _actor, now: stages.move_forward(actor, now, can))
        elif not await self._move_to(actor, can, stage_id):
            return
        await self.deals_changed(ids)

    async def _move_to(self, actor: Actor, ids: Sequence[int], stage_id: str) -> bool:
        """Move deals to a stage, asking for a reason if one of them goes back; False if that was left."""
        try:
            await self.change(lambda _actor, now: stages.move(actor, now, ids, stage_id))
        except UsageError as error:
            form = steps.reason_form(f"Move {len(ids)} deals back", (error.message,), "Move back")

            async def submit(values: dict[str, str]) -> bool:
                await self.change(lambda _actor, now: stages.move(actor, now, ids, stage_id, values["reason"]))
                return True

            return bool(await self.ask(form, submit))
        return True

    # ---- closing

    def action_deal_won(self) -> None:
        """Win the deal from its last stage."""
        ids = self.deal_ids()
        if len(ids) > 1:
            self.refuse("Deals are won one at a time: esc clears the marks")
        else:
            self._won(ids[0])

    @work
    async def _won(self, deal_id: int) -> None:
        await self.win_deal(deal_id)

    async def win_deal(self, deal_id: int) -> None:
        """Ask for the walk-through and what else winning needs."""
        view = await self.read(deal_work.read_gate, deal_id, gates.WON, self.host.clock())
        deal = view.deal
        if not deal.stage.is_last:
            key = self.host.keymap.key("deal.forward")
            self.refuse(f"{show_deal(deal_id)} {deal.customer} is in {deal.stage.name}: {key} moves it on first")
            return
        form = closing.won_form(deal, view.missing, self.draft_key("deal.won", show_deal(deal_id)))

        async def submit(values: dict[str, object]) -> bool:
            await deal_edit.win(self, deal, values)
            return True

        if await self.ask(form, submit):
            await self.deals_changed([deal_id])

    def action_deal_lost(self) -> None:
        """Close as lost, with who said no and why; early also as no fit."""
        self._lost(self.deal_ids())

    @work
    async def _lost(self, ids: Sequence[int]) -> None:
        deal = await self.read(details.get_detail, ids[0], self.host.clock())
        rules = await self.read(process.current)
        draft = self._draft_of(ids, "deal.lost")
        form = closing.lost_form(deal, rules.lost_reasons, draft)
        if len(ids) > 1:
            form = replace(form, title=f"Lost · {len(ids)} deals", foot=("All or none; u takes it back.",))

        async def submit(values: dict[str, object]) -> bool:
            await self.change(deal_work.close_lost, list(ids), values)
            return True

        if await self.ask(form, submit):
            await self.deals_changed(ids)

    # ---- what other dialogs and screens do

    def action_deal_techcheck(self) -> None:
        """Sign the tech check, ask for it, or read it."""
        self._start("techcheck")

    def action_deal_quote(self) -> None:
        """Open the current quote, or make a draft."""
        self._start("quote")

    def action_deal_assess(self) -> None:
        """Answer the questionnaire of the deal's stage."""
        self._start("assess")

    def action_deal_ideas(self) -> None:
        """Show what the stage suggests to do."""
        self._start("ideas")

    def action_material_send(self) -> None:
        """Choose documents and send them."""
        self._start("materials")

    @work
    async def _start(self, name: str) -> None:
        ids = self.deal_ids()
        await load(ACTIONS[name])(self, ids[0])
        await self.deals_changed(ids[:1])

    def action_item_new(self) -> None:
        """Make a deal."""
        self._new()

    @work
    async def _new(self) -> None:
        deal_id = await load(ACTIONS["new_deal"])(self, None)
        if deal_id is not None:
            await self.deal_made(deal_id)

    async def deal_made(self, deal_id: int) -> None:
        """Show a deal that was made here."""
        await self.deals_changed([deal_id], follow=deal_id)

    def stage_to_leave(self) -> str:
        """Return the name of the stage that the deal under the cursor must leave before it can be won, "" for none."""
        return ""

    def offers(self, command_id: str) -> bool:
        """Leave out what can't be done with this deal; a tech check can always be read, or its key says why not."""
        if not super().offers(command_id) or self.card is None:
            return super().offers(command_id)
        return deal_reasons.is_offered(command_id, self.why_not(command_id))

    def why_not(self, command_id: str) -> str | None:
        """Say why a deal action can't run."""
        if self.card is not None and len(self.deal_ids()) <= 1:
            host = self.host
            reason = deal_reasons.why_not(command_id, self.card, host.actor, host.keymap, self.stage_to_leave())
            if reason is not None:
                return reason
        return super().why_not(command_id)
