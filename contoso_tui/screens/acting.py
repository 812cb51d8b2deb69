"""What every screen that changes something shares: writes with their result told, undo, what others did, drafts."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from textual import work

from contoso_tui.base_screen import BaseScreen
from contoso_tui.commands import BY_ID, GOTO
from contoso_tui.drafts import DraftKey
from contoso_tui.later import Later
from contoso_tui.pane_choice import WIDE_FROM
from contoso_tui.text import cells, clean, cut
from contoso_tui.widgets.rows import Part
from models import ids
from models.errors import ContosoError, RefusedError
from models.people.records import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.timer import Timer

    from contoso_tui import undoing
    from contoso_tui.dialogs.form import Submit
    from contoso_tui.forms.fields import Form
    from contoso_tui.store import Changed
    from models import undo
else:
    undoing = Later("contoso_tui.undoing")
    undo = Later("models.undo")

P = ParamSpec("P")
T = TypeVar("T")
Change = Callable[Concatenate[Actor, dt.datetime, P], T]

NOTICE_SECONDS = 5.0
"""Others' changes are told at most this often (ux: conventions)."""
_MARGIN = 2
"""The status row's own cells beside a message."""
_SHOWN: dict[str, Callable[[int], str]] = {
    "deal": ids.show_deal,
    "customer": ids.show_customer,
    "process_version": lambda _id: "the sales process",
}


class ActingScreen(BaseScreen):
    """A screen whose user reads and writes through the store; see `change` and `ask`."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = asyncio.Lock()
        self._saved = ""
        # Changes of which the user has read that they stay: undo looks before them.
        self._passed: set[int] = set()
        self._gone = ""
        self._others = ""
        self._notice_timer: Timer | None = None
        self._noticed_at = -NOTICE_SECONDS

    @property
    def pipeline(self) -> str:
        """The pipeline that the screen shows, "" for none: where a new deal goes unless said otherwise."""
        return ""

    # ---- reading and writing

    async def read(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query in a reader thread."""
        return await self.host.store.read(fn, *args, **kwargs)

    async def change(self, fn: Change[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out a change as the user, tell its summary with `u undo`, and return what it returned.

        Changes follow each other in the order in which they were asked for.

        Raises:
            ContosoError: it was refused; nothing is told then.
        """
        host = self.host
        async with self._lock:
            result, done = await host.store.write(_carry_out, fn, host.actor, host.clock(), args, kwargs)
        self._passed.clear()
        self._saved = f"{host.clock().astimezone(ZoneInfo(host.settings.zone)):%H:%M}"
        if done is not None:
            self._tell_done(done)
        self.show_facts()
        return result

    def _tell_done(self, done: undo.ActionRecord) -> None:
        """Tell what was done; a long name gives way to the key that takes it back."""
        end = f" · {self.host.keymap.key('app.undo')} undo" if done.can_undo else ""
        self.status(cut(clean(done.summary), self.app.size.width - _MARGIN - cells(end)) + end)

    async def ask(self, form: Form, submit: Submit | None = None, values: Mapping[str, Any] | None = None) -> Any:
        """Open a form and return its values, or what `submit` returned; None if it was left, with a draft told."""
        from contoso_tui.dialogs.form import FormDialog

        result = await self.app.push_screen_wait(FormDialog(form, submit, values))
        if result is None and form.draft is not None and self.host.drafts.open(form.draft) is not None:
            self.tell_kept(form.draft)
        return result

    def tell_kept(self, draft: DraftKey, sign: str = "") -> None:
        """Tell that a form was left half filled in, and which key goes on with it."""
        keymap = self.host.keymap
        of = f" of {draft.subject}" if draft.subject else ""
        words = f"Kept your draft{of}{sign}"
        self.status(f"{words} · {keymap.key(draft.command_id)} goes on" if draft.command_id in BY_ID else words)

    async def confirm(self, title: str, lines: Sequence[str], answers: Mapping[str, str]) -> str | None:
        """Ask a question and return the key of the answer; None if it was left."""
        from contoso_tui.dialogs.confirm import Confirm

        return await self.app.push_screen_wait(Confirm(title, lines, answers))

    def draft_key(self, command_id: str, subject: str) -> DraftKey:
        """Return under which key a form keeps its draft; `command_id` opens it again at the next start."""
        host = self.host
        return DraftKey(host.actor.login, str(host.store.path), command_id, subject)

    # ---- undo

    def action_app_undo(self) -> None:
        """Take back the user's last change; where that one stays, the next time the one before it."""
        fn = partial(undoing.undo_last, passed=frozenset(self._passed))
        self._put_back(fn, "Undone", "app.redo", "redo")

    def action_app_redo(self) -> None:
        """Do again what was undone last."""
        self._put_back(undoing.redo_last, "Redone", "app.undo", "undo")

    @work
    async def _put_back(
        self, fn: Callable[[Actor, dt.datetime], undoing.Undone], word: str, other: str, verb: str
    ) -> None:
        host = self.host
        async with self._lock:
            try:
                done = await host.store.write(fn, host.actor, host.clock())
            except undoing.StaysError as error:
                self._passed.add(error.action_id)
                before = error.before
                further = f" · {host.keymap.key('app.undo')} again: {before.summary}" if before is not None else ""
                self.refuse(error.message + further)
                return
            except ContosoError as error:
                self.refuse(error.message)
                return
        can_turn = done.reverted is None
        self.status(f"{word}: {done.summary} · {host.keymap.key(other)} {verb}" if can_turn else done.summary)

    # ---- what is gone

    async def leave_gone(self, reason: str) -> None:
        """Go back from a page whose record is gone, and tell there what took it away, else `reason`.

        Under a dialog, or another page, it waits until that one has closed.
        """
        # The user's own undo is told before its lock is free.
        async with self._lock:
            self._gone = self.status_row.message or reason
        self._leave_if_gone()

    def on_screen_resume(self) -> None:
        """Leave a page whose record went while something stood over it."""
        self._leave_if_gone()

    def _leave_if_gone(self) -> None:
        if self._gone and self.app.screen is self:
            told, self._gone = self._gone, ""
            self.dismiss(None)
            self.host.tell(told)

    # ---- the frame

    @property
    def is_wide(self) -> bool:
        """Whether there is room for a second row, a pane and the names of screens."""
        return self.app.size.width >= WIDE_FROM

    def facts(self) -> list[str]:
        """Return what stands at the right of the status row besides saved time and others' changes."""
        return []

    def show_facts(self) -> None:
        """Draw the right side of the status row."""
        saved = [f"saved {self._saved}"] if self._saved and self.is_wide else []
        self.status_row.facts("   ".join([*self.facts(), *saved]), self._others)

    def goto_parts(self) -> list[Part]:
        """Return the first row's left side on a wide terminal: product and screens with their keys and counts."""
        banner = self.host.settings.banner
        parts: list[Part] = [(" CONTOSO  ", "title"), (f"{banner}  " if banner else "", "soon")]
        prefix = self.host.keymap.key("app.goto")
        here, counts = self.host_name, self.goto_counts()
        for goto in GOTO:
            if goto.screen not in self.host.screen_names:
                continue
            count = counts.get(goto.screen, 0)
            # The box after `g` has the whole label; here figures need the room.
            name = goto.label.partition(",")[0].capitalize() + (f" ({count})" if count else "")
            parts += [(f" {prefix}{goto.key} ", "key"), (f"{name} ", "heading" if goto.screen == here else "text")]
        return parts

    @property
    def host_name(self) -> str:
        """The name under which `goto` knows this screen."""
        return self.scope

    # ---- others

    def note_others(self, changed: Changed) -> None:
        """Tell in the status row who changed what, at most once in `NOTICE_SECONDS`."""
        login = self.host.actor.login
        moment = time.monotonic()
        if moment - self._noticed_at < NOTICE_SECONDS:
            return
        for change in reversed(changed.newest):
            show = _SHOWN.get(change.table)
            if show is not None and change.actor != login:
                self._noticed_at = moment
                # News come from outside the app, where no timer can be set.
                self.call_later(self._notice, f"{change.actor} changed {show(change.row_id)}")
                return

    def _notice(self, words: str) -> None:
        """Show a notice for as long as a result stands; behind a result it waits."""
        if self._notice_timer is not None:
            self._notice_timer.stop()
            self._notice_timer = None
        self._others = words
        self.show_facts()
        seconds = self.host.settings.status_seconds
        if words and seconds > 0:
            self._notice_timer = self.set_timer(seconds, self._end_notice)

    def _end_notice(self) -> None:
        # A result that came after it has hidden it.
        self._notice(self._others if self.status_row.message else "")

    def end_status(self) -> None:
        """Forget the result; without a time for results, notices last until the next key too."""
        if self._others and not self.status_row.message and self.host.settings.status_seconds <= 0:
            self._notice("")
        super().end_status()

    def action_app_refresh(self) -> None:
        """Read everything again."""
        self._notice("")


def _carry_out(
    fn: Callable[..., T], actor: Actor, now: dt.datetime, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[T, undo.ActionRecord | None]:
    result = fn(actor, now, *args, **kwargs)
    last = undo.list_actions(actor, 1)
    return result, last[0] if last else None


def refuse_if(reason: str) -> None:
    """Refuse with a sentence, if there is one.

    Raises:
        RefusedError: there is.
    """
    if reason:
        raise RefusedError(reason)
