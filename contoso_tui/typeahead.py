"""Keys typed faster than the screen answers: each waits until what the one before it began has had its effect.

Over a slow link a whole `s`, text, ctrl+s arrives at once. The text belongs into the dialog that `s` opens, and a
second `>` to the deal as the first one left it. Keys that only move or type never make others wait.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events

if TYPE_CHECKING:
    from textual.app import App
    from textual.message_pump import MessagePump
    from textual.screen import Screen
    from textual.timer import Timer

    _App = App[Any]
else:
    _App = object

PATIENCE_SECONDS = 1.0
"""So long keys wait at most: an import or a busy database must not lock anybody out."""
LOOK_SECONDS = 0.01
# Actions run in workers without a group; the others read what a screen is about and what a list or board shows.
_GROUPS = frozenset({"default", "page", "view", "board-show"})


def has_work(screen: Screen[Any]) -> bool:
    """Return whether something that a key began on this screen is under way."""
    return any(
        worker.group in _GROUPS and worker.is_running and screen in worker.node.ancestors_with_self
        for worker in screen.workers
    )


class TypeAhead(_App):
    """Mixed into an App before `App`.

    Its screens say by `is_busy` whether they can take a key, and by `begins_work(event)` which keys others wait for.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._held: deque[events.Key | events.Paste] = deque()
        self._taking: Screen[Any] | None = None
        self._patience_ends = 0.0
        self._look_timer: Timer | None = None
        super().__init__(*args, **kwargs)

    async def on_event(self, event: events.Event) -> None:
        """Pass a key on, or keep it until its turn."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._held or self._must_wait():
            self._held.append(event)
            self._look_again()
        else:
            await self._pass_on(event)

    def forget_keys(self) -> None:
        """Drop what was typed ahead: it was meant for what has not come about."""
        self._held.clear()

    def when_free(self, callback: Callable[[], object], patience: float = PATIENCE_SECONDS) -> None:
        """Call back, as soon as the screen that is shown could take a key."""
        if patience > 0 and getattr(self.screen, "is_busy", False):
            self.set_timer(LOOK_SECONDS, partial(self.when_free, callback, patience - LOOK_SECONDS))
        else:
            callback()

    def _must_wait(self) -> bool:
        screen = self.screen
        if time.monotonic() > self._patience_ends:
            return False
        return self._taking is screen or bool(getattr(screen, "is_busy", False))

    async def _pass_on(self, event: events.Key | events.Paste) -> None:
        screen = self.screen
        begins_work = getattr(screen, "begins_work", None)
        is_begin = isinstance(event, events.Key) and begins_work is not None and begins_work(event)
        node = self.focused or screen
        if is_begin:
            self._taking = screen
            self._patience_ends = time.monotonic() + PATIENCE_SECONDS
        await super().on_event(event)
        if is_begin:
            node.call_later(self._follow, node, screen)

    def _follow(self, node: MessagePump, screen: Screen[Any]) -> None:
        """Go the way of the key, from the widget it was given to up to its screen, where it is carried out."""
        parent = node._parent  # noqa: SLF001
        if node is not screen and parent is not None:
            parent.call_later(self._follow, parent, screen)
        elif self._taking is screen:
            self._taking = None

    def _look_again(self) -> None:
        if self._look_timer is None:
            self._look_timer = self.set_timer(LOOK_SECONDS, self._release)

    async def _release(self) -> None:
        self._look_timer = None
        while self._held and not self._must_wait():
            await self._pass_on(self._held.popleft())
        if self._held:
            self._look_again()
