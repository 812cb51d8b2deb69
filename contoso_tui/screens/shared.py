"""A record's page that says in its first row who else has the record open in a form."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from textual import work

from contoso_tui.dialogs.shared import presence_words
from contoso_tui.screens.acting import ActingScreen
from contoso_tui.widgets.rows import Part
from models.errors import ContosoError
from models.people import presence

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""Others are looked for this often while the page is in front."""


class SharedPage(ActingScreen):
    """Mixed in after the actions of the page, which says by `things` what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self._editors: tuple[str, ...] = ()

    def things(self) -> Collection[str]:
        """Return the shown ids of which the page tells that somebody is editing them."""
        raise NotImplementedError

    def show_first_row(self) -> None:
        """Draw the first row, once the page is read; `editors` stand in it."""
        raise NotImplementedError

    @property
    def editors(self) -> Sequence[Part]:
        """Who is editing, for the right side of the first row; empty for nobody."""
        words = presence_words(self._editors)
        return [(f"{words}   ", "soon")] if words else []

    def on_mount(self) -> None:
        """Look for others now and then."""
        self.set_interval(LOOK_SECONDS, self._look_if_in_front)

    def on_screen_resume(self) -> None:
        """Look for others when the page is back in front."""
        self.look_around()

    def _look_if_in_front(self) -> None:
        if self.app.screen is self:
            self.look_around()

    @work(exclusive=True, group="presence")
    async def look_around(self) -> None:
        """Show who is editing now."""
        host = self.host
        try:
            found = await self.read(presence.list_others, host.actor, host.clock(), self.things())
        except ContosoError as error:
            # Away for a moment: what the user asks for next says so.
            log.info("could not look for others: %s", type(error).__name__)
            return
        if found != self._editors:
            self._editors = found
            self.show_first_row()
