"""Who is on a deal's team, chosen from a list: those on it may leave, the others may join."""

from __future__ import annotations

from contoso_tui.dialogs.picker import Picker
from contoso_tui.forms.fields import Choice
from contoso_tui.screens.acting import ActingScreen
from models.deals import team
from models.ids import show_deal

_OFF, _ON = "rm", "add"


async def change_team(screen: ActingScreen, deal_id: int) -> bool:
    """Put a colleague on a deal's team, or take one off; False if the list was left."""
    members = await screen.read(team.list_members, deal_id)
    others = await screen.read(team.list_candidates, deal_id)
    choices = [Choice(f"{_OFF}:{one.login}", one.login, "on the team: takes off") for one in members]
    choices += [Choice(f"{_ON}:{login}", login, "puts on the team") for login in others]
    chosen = await screen.app.push_screen_wait(Picker(f"Team of {show_deal(deal_id)}", choices))
    if chosen is None:
        return False
    verb, _, login = chosen.partition(":")
    await screen.change(team.add if verb == _ON else team.remove, deal_id, [login])
    return True
