"""What `i` does on board and deal: what the stage suggests, and one of it as the next step."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from contoso_tui.screens.acting import ActingScreen
from models.activities import ideas
from models.activities.ideas import Idea
from models.deals import details
from models.deals.detail_records import DealDetail
from models.deals.records import Outcome
from models.ids import show_deal
from models.people import permissions
from models.people.records import Actor


class IdeasPage(NamedTuple):
    """What the dialog shows."""

    deal: DealDetail
    ideas: tuple[Idea, ...]
    why_not: str


def read(deal_id: int, actor: Actor, now: dt.datetime) -> IdeasPage:
    """Read what a deal's stage suggests, as `actor` may act on it.

    Raises:
        NotFoundError: there is no such deal.
    """
    deal = details.get_detail(deal_id, now)
    why_not = ""
    if deal.outcome is not Outcome.OPEN:
        why_not = f"{show_deal(deal_id)} is {deal.outcome.replace('_', ' ')}"
    elif not permissions.works_on_deal(actor, deal_id, deal.owner_id):
        why_not = permissions.not_theirs(show_deal(deal_id), deal.owner)
    return IdeasPage(deal, ideas.list_ideas(deal_id, now), why_not)


async def open_ideas(screen: ActingScreen, deal_id: int) -> None:
    """Show the suggestions of a deal's stage; call it from a worker."""
    from contoso_tui.dialogs.ideas import Ideas

    host = screen.host
    page = await screen.read(read, deal_id, host.actor, host.clock())
    deal = page.deal
    title = f"Suggested in {deal.stage.name} · {deal.customer} · {show_deal(deal_id)}"
    chosen = await screen.app.push_screen_wait(Ideas(title, page.ideas, deal.next_step, page.why_not))
    if chosen is not None:
        await screen.change(ideas.take, deal_id, chosen)
