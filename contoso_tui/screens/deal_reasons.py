"""Why a key can't act on the deal under the cursor: pure, for key row, help and the key itself, also before Textual."""

from __future__ import annotations

from contoso_tui import formats
from contoso_tui.keymap import KeyMap
from models.deals.records import DealCard, Outcome
from models.ids import show_deal
from models.people import permissions
from models.people.records import Actor, Role

# What only the owner of an open deal, its team, or their manager, can do with it.
_WORK = frozenset(
    {"deal.forward", "deal.backward", "deal.assess", "deal.won", "deal.lost", "step.set", "step.done", "step.snooze"}
)


def why_not(command_id: str, card: DealCard, actor: Actor, keymap: KeyMap, stage_to_leave: str = "") -> str | None:
    """Return the reason as a sentence, None if it can be tried.

    `stage_to_leave` names the stage that the deal must leave before it can be won, "" for none.
    """
    if command_id == "deal.techcheck" and card.tech == "not_needed":
        return f"{show_deal(card.id)} needs no tech check: {formats.money(card.amount_minor, card.currency)}"
    if command_id == "deal.quote" and not card.has_quote:
        if card.outcome is not Outcome.OPEN:
            return f"{show_deal(card.id)} is {card.outcome.replace('_', ' ')} and never had a quote"
        if not _works(card, actor):
            return f"{show_deal(card.id)} has no quote yet: {card.owner} makes one"
    if command_id not in _WORK:
        return None
    shown = show_deal(card.id)
    if card.outcome is not Outcome.OPEN:
        word = card.outcome.replace("_", " ")
        return f"{shown} is {word}: {keymap.key('item.open')} opens it, {keymap.key('deal.move')} there reopens it"
    if not _works(card, actor):
        return permissions.not_theirs(shown, card.owner)
    if command_id == "deal.won" and not _owns(card, actor):
        return permissions.not_to_win(shown, card.owner)
    if command_id == "deal.won" and stage_to_leave:
        return f"{shown} {card.customer} is in {stage_to_leave}: {keymap.key('deal.forward')} moves it on first"
    return None


def _owns(card: DealCard, actor: Actor) -> bool:
    # Whose manager one is isn't on the card: the write judges it.
    return card.owner == actor.login or actor.has(Role.MANAGER)


def _works(card: DealCard, actor: Actor) -> bool:
    return _owns(card, actor) or actor.login in card.team


def is_offered(command_id: str, reason: str | None) -> bool:
    """Return whether the key row has a key; a tech check can always be read, or its key says why not."""
    return reason is None or command_id == "deal.techcheck"
