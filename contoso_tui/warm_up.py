"""What the first dialogs and the first change need is made ready while nobody waits for it.

A session that only looks on holds neither: that is 4 MB, and most of a hundred sessions on a host do no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual import events, work

from contoso_tui.store import Store

if TYPE_CHECKING:
    from textual.app import App

    _App = App[Any]
else:
    _App = object

PAUSE_SECONDS = 0.3
"""After the start, and after the first key: what is typed ahead is answered before that."""
_AT_START = ("contoso_tui.dialogs.form",)
_WHEN_USED = ("contoso_tui.dialogs.palette", "contoso_tui.dialogs.help", "models.deals.stages", "models.undo")


class WarmUp(_App):
    """Mixed into an App before `App`."""

    store: Store
    _is_used = False

    async def on_event(self, event: events.Event) -> None:
        """Notice the first key."""
        if isinstance(event, events.Key) and not self._is_used:
            self._is_used = True
            self.set_timer(PAUSE_SECONDS, self._prepare_use)
        await super().on_event(event)

    def warm_up(self) -> None:
        """Prepare what the first key may ask for."""
        self.set_timer(PAUSE_SECONDS, self._prepare_start)

    @work(thread=True, exit_on_error=False, group="warm-up")
    def _prepare_start(self) -> None:
        _import_all(_AT_START)

    @work(exit_on_error=False, group="warm-up")
    async def _prepare_use(self) -> None:
        """Open the connection that writes: it reads the whole schema, which takes 15 ms."""
        await self.store.write(_import_all, _WHEN_USED)


def _import_all(names: Sequence[str]) -> None:
    for name in names:
        import_module(name)
