"""A dialog on a thing that others may have open too: it tells them, and shows who they are in its own frame."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any

from textual import events, work

from contoso_tui.dialogs.base import Dialog
from contoso_tui.text import clean
from models.errors import ContosoError
from models.people import presence

log = logging.getLogger(__name__)

LOOK_SECONDS = 4.0
"""Others are looked for this often while the dialog is open."""
RENEW_SECONDS = presence.LIMIT_SECONDS / 3
AT_REST_SECONDS = 600.0
"""Without a key for so long nobody is editing: the form may stay open over night, and nothing is written."""


def presence_words(logins: Sequence[str]) -> str:
    """Say who is editing, "" for nobody: `bo.lee is editing`, `bo.lee and gil are editing`."""
    if not logins:
        return ""
    if len(logins) > 2:
        return f"{logins[0]} and {len(logins) - 1} others are editing"
    return f"{' and '.join(logins)} {'is' if len(logins) == 1 else 'are'} editing"


class SharedDialog(Dialog[Any]):
    """A dialog whose `thing` others see to be edited while it is open."""

    def __init__(self) -> None:
        super().__init__()
        self._renewed_at = self._key_at = 0.0

    @property
    def thing(self) -> str:
        """The shown id of what is edited, "" where there is none."""
        return ""

    def on_mount(self) -> None:
        """Tell others, and look for them."""
        if self.thing:
            self._key_at = time.monotonic()
            self._renew()
            self._look()
            self.set_interval(LOOK_SECONDS, self._go_on)

    def on_unmount(self) -> None:
        """Tell others that it is closed."""
        if self.thing:
            host = self.host
            host.store.post(presence.leave, host.actor, host.clock(), self.thing)

    async def on_key(self, event: events.Key) -> None:
        """Note that somebody is at work."""
        self._key_at = time.monotonic()

    def _go_on(self) -> None:
        now = time.monotonic()
        if now - self._renewed_at >= RENEW_SECONDS and now - self._key_at < AT_REST_SECONDS:
            self._renew()
        self._look()

    def _renew(self) -> None:
        host = self.host
        self._renewed_at = time.monotonic()
        host.store.post(presence.enter, host.actor, host.clock(), self.thing)

    @work(exclusive=True, group="presence")
    async def _look(self) -> None:
        host = self.host
        try:
            found = await host.store.read(presence.list_others, host.actor, host.clock(), (self.thing,))
        except ContosoError as error:
            # Away for a moment; what is typed and saved says so itself.
            log.info("could not look for others: %s", type(error).__name__)
            return
        self.box.note(clean(presence_words(found)))
