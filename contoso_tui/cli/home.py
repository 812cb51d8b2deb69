"""`contoso` without a terminal: what the home screen would list, as plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contoso_tui.cli import deal_forms
from models import money

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from models.people.records import Actor

_ALL = 10_000


def signs_only(actor: Actor) -> bool:
    """Return whether the user's home lists what waits for a sign-off, not their own deals."""
    from models.people.records import Role

    sells = {Role.REPRESENTATIVE, Role.EXECUTIVE, Role.MANAGER}
    return actor.has(Role.CONSULTANT) and not actor.roles & sells


def print_board(call: Call) -> None:
    """Print the deals of a view by stage, the user's open ones unless another is named."""
    from models import process
    from models.deals import board

    rules = process.current()
    view = board.View(owner_id=call.actor.id, pipeline=rules.default_pipeline)
    if code := getattr(call.args, "view", ""):
        from contoso_tui.screens.board_source import first_view, views_of

        views = views_of(call.actor, rules)
        view = views[first_view(call.actor, views, code)].for_user(call.actor.id)
    totals = {total.stage: total for total in board.list_totals(view, call.now)}
    records = []
    for stage in rules.stages(view.pipeline):
        ids = list(board.list_column(view, stage.id, call.now)[:_ALL])
        cards = [deal_forms.from_card(c, rules.tech_check_limit_usd_cents) for c in board.list_cards(ids, call.now)]
        records += cards
        total = totals.get(stage.id)
        if call.out.is_plain and not call.out.fields:
            worth = money.to_text(total.amount_usd_cents if total else 0)
            call.out.lines([f"{stage.name} ({total.deals if total else 0})  {int(float(worth)):,} USD"])
            call.out.lines(f"  {deal_forms.line(card)}" for card in cards)
    if not call.out.is_plain or call.out.fields:
        from contoso_tui.cli.deal_answers import to_records

        deal_ids = [int(record["id"].removeprefix("D-")) for record in records]
        call.out.listing(deal_forms.SCHEMA, to_records(call, deal_ids), deal_forms.COLUMNS)
    elif not records:
        call.out.lines(
            ["No deals yet. contoso import DIR brings customers in, contoso deal new --customer C opens one"]
        )
