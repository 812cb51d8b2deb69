"""Saving a draft quote's own fields, also when somebody else changed the same ones meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contoso_tui.dialogs import quote_forms
from contoso_tui.screens import conflicts, quote_words
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.screens.conflicts import Conflict
from models.deals import quote_changes
from models.deals.detail_records import Quote


async def save_fields(screen: ActingScreen, quote: Quote, changed: Mapping[str, Any]) -> None:
    """Save changed fields; where others changed the same ones, ask whose is kept.

    Raises:
        ChangedMeanwhileError: the user went back without choosing; nothing is written.
    """

    async def write(mine: dict[str, Any], seen: dict[str, Any]) -> None:
        await screen.change(quote_changes.change, quote.id, mine, seen)

    about = Conflict(f"{quote_words.name_of(quote)} was changed meanwhile", quote_forms.LABELS)
    await conflicts.save(screen, about, changed, {name: getattr(quote, name) for name in changed}, write)
