"""The app: themes, keys, screens, signals, and what happens when something goes wrong."""

from __future__ import annotations

import datetime as dt
import gc
import logging
import os
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from rich.text import Text
from textual import events, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.worker import WorkerFailed

from contoso_tui import themes
from contoso_tui.base_screen import BaseScreen
from contoso_tui.drafts import DraftKey, DraftStore, default_folder
from contoso_tui.glyphs import SafeGlyphs
from contoso_tui.host import Clock, Search, Settings
from contoso_tui.keymap import KeyMap
from contoso_tui.memory import give_back
from contoso_tui.signals import end_soon, install
from contoso_tui.slow_line import ThriftyApp
from contoso_tui.store import Changed, Store
from contoso_tui.text import clean
from contoso_tui.themes import Palette
from contoso_tui.typeahead import TypeAhead
from contoso_tui.warm_up import WarmUp
from contoso_tui.wire import LeanOutput
from models.errors import ContosoError
from models.people.records import Actor

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.filter import LineFilter
    from textual.screen import Screen

    from contoso_tui.driver import EndOfInput

log = logging.getLogger(__name__)

MakeScreen = Callable[[], BaseScreen]
MakeDetail = Callable[[str], BaseScreen]
SETTLED_AFTER_SECONDS = 2.0
HANGUP_EXIT = 129


class ContosoApp(WarmUp, TypeAhead, ThriftyApp, LeanOutput, App[int], inherit_bindings=False):
    """The terminal program of one user.

    `screens` are made at the first visit, `openers` by the first letter of a shown id; `log_path` is named
    when the program fails.
    """

    TITLE = "contoso"
    DEFAULT_MODE = "home"
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+z", "suspend_process", show=False)]
    CSS = """
    * { scrollbar-size: 1 1; }
    """

    def __init__(
        self,
        store: Store,
        actor: Actor,
        screens: Mapping[str, MakeScreen],
        *,
        settings: Settings | None = None,
        clock: Clock = lambda: dt.datetime.now(dt.UTC),
        start: str = "board",
        first_goal: str = "",
        openers: Mapping[str, MakeDetail] | None = None,
        key_overrides: Mapping[str, str | Sequence[str]] | None = None,
        search: Search | None = None,
        drafts: DraftStore | None = None,
        log_path: Path | None = None,
    ) -> None:
        self.settings = settings or Settings()
        no_color = os.environ.pop("NO_COLOR", None)
        try:
            # With NO_COLOR set Textual would turn our colours into greys; the mono theme has none.
            super().__init__()
        finally:
            if no_color is not None:
                os.environ["NO_COLOR"] = no_color
        self.animation_level = "none"
        for theme in themes.themes():
            self.register_theme(theme)
        self.theme = themes.choose(self.settings.theme, is_low=self.settings.low_bandwidth)
        self.stylesheet.set_variables(self.get_css_variables())
        self._styled_theme = self.theme
        self._safe_glyphs = SafeGlyphs(ascii_only=self.settings.ascii_glyphs)
        self.store = store
        self.actor = actor
        self.clock = clock
        self.keymap = KeyMap(key_overrides)
        self.search = search
        self.last_key = ""
        self.drafts = drafts or DraftStore(default_folder())
        self.log_path = log_path
        self.home_screen = start
        self._first_goal = first_goal
        self._makers = dict(screens)
        self._openers = dict(openers or {})
        self._unsubscribe: Callable[[], None] | None = None
        for name, make in self._makers.items():
            self.add_mode(self._mode(name), make)

    # ---- what screens ask for (host.Host)

    @property
    def palette(self) -> Palette:
        """The named styles of the theme in force."""
        return themes.palette(self.theme)

    @property
    def screen_names(self) -> tuple[str, ...]:
        """The screens that exist."""
        return tuple(self._makers)

    @property
    def is_at_home(self) -> bool:
        """Whether the home screen is shown, with nothing over it."""
        return self.current_mode == self.DEFAULT_MODE and len(self.screen_stack) == 1

    def today(self) -> dt.date:
        """The date now, where the company is."""
        return self.clock().astimezone(ZoneInfo(self.settings.zone)).date()

    def go(self, screen: str) -> None:
        """Show a top-level screen; it keeps its cursor and view from the last visit."""
        if screen not in self._makers:
            self.tell(f"There is no screen {clean(screen)}")
        elif self._mode(screen) != self.current_mode:
            self.switch_mode(self._mode(screen))
        else:
            while len(self.screen_stack) > 1:
                self.pop_screen()

    def open_goal(self, goal: str) -> None:
        """Open the record with this shown id on top of the present screen."""
        make = self._openers.get(goal[:1])
        if make is None:
            self.tell(f"Nothing opens {clean(goal)}")
        else:
            self.push_screen(make(goal))

    def set_terminal_title(self, name: str) -> None:
        """Name the screen in the terminal's title unless the settings forbid it."""
        self.title = f"contoso: {name.lower()}"
        if self.settings.terminal_title != "off" and self._driver is not None:
            self._driver.write(f"\x1b]2;{clean(self.title)}\x07")

    def tell(self, message: str) -> None:
        """Tell something in the status row of the screen that is shown."""
        # Screens and dialogs both have a status row; a plain text in front of them has none.
        tells = (getattr(screen, "status", None) for screen in reversed(self.screen_stack))
        tell = next((found for found in tells if found is not None), None)
        if tell is not None:
            tell(message)

    @work
    async def leave(self) -> None:
        """End the program; asks what to do with forms that were left half filled in."""
        made = self.drafts.of_this_session
        if made:
            from contoso_tui.dialogs.confirm import Confirm

            count = len(made)
            forms = "1 form is" if count == 1 else f"{count} forms are"
            answer = await self.push_screen_wait(
                Confirm(
                    "Quit",
                    [f"{forms} half filled in. Kept drafts are offered at the next start."],
                    {"keep": "Keep and quit", "discard": "Discard and quit", "stay": "Stay"},
                )
            )
            if answer is None or answer == "stay":
                return
            if answer == "discard":
                for key in tuple(made):
                    self.drafts.drop(key)
        self.drafts.flush()
        self.exit(0)

    # ---- life

    def _mode(self, screen: str) -> str:
        """Return the mode of a screen: Textual starts in the default one, so that is the home screen's."""
        return self.DEFAULT_MODE if screen == self.home_screen else screen

    def get_driver_class(self) -> type[Driver]:
        """Use our driver; a test or TEXTUAL_DRIVER may name another."""
        from textual import constants

        if constants.DRIVER is not None or os.name != "posix":
            return super().get_driver_class()
        from contoso_tui.driver import ContosoDriver

        return ContosoDriver

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer none of Textual's: its screenshot would write customer data to a file."""
        return ()

    def refresh_css(self, animate: bool = True) -> None:
        """Give all widgets their styles after another theme.

        Textual asks at each new screen too: it would parse all style sheets again, though none has changed.
        """
        if self.theme != self._styled_theme:
            self._styled_theme = self.theme
            super().refresh_css(animate)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Let every line pass the last check before it is written."""
        return (self._safe_glyphs, *super().get_line_filters())

    def on_load(self) -> None:
        """Start what the first screen will ask: the database threads."""
        self.store.start()
        if not self.is_headless:
            install(self.leave_now)

    def on_ready(self) -> None:
        """Take news from now on; get ready for the first keys; name keys that could not be taken."""
        self._unsubscribe = self.store.subscribe(self._take_news)
        if self.keymap.warnings:
            self.tell(self.keymap.warnings[0])
        if self._first_goal:
            self.open_goal(self._first_goal)
        self.offer_drafts()
        self.warm_up()
        self.set_timer(SETTLED_AFTER_SECONDS, give_back)
        # What stands now lives as long as the program: no collection need look at it again.
        gc.freeze()
        gc.enable()

    @work
    async def offer_drafts(self) -> None:
        """Offer what was left half filled in, and open the form that is chosen with what was typed."""
        kept = self.drafts.list(self.actor.login, str(self.store.path))
        if not kept:
            return
        from contoso_tui.dialogs.drafts import DraftsDialog

        key = await self.push_screen_wait(DraftsDialog(kept, self.drafts))
        if key is None:
            return
        self.drafts.take_up(key)
        if key.screen in self._makers:
            self.go(key.screen)
        # A new customer's deal has their name for a subject, which opens nothing.
        elif key.subject[:1] in self._openers and key.subject[1:2] == "-":
            self.open_goal(key.subject)
        self.when_free(lambda: self.call_later(self._go_on_with, key))

    async def _go_on_with(self, key: DraftKey) -> None:
        if isinstance(self.screen, BaseScreen):
            await self.screen.go_on_with(key)

    def on_unmount(self) -> None:
        """Let the last write finish."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self.store.close()

    def on_end_of_input(self, message: EndOfInput) -> None:
        """Leave when nothing can be typed any more."""
        self.leave_now(HANGUP_EXIT)

    def leave_now(self, code: int) -> None:
        """Write drafts and end with exit code `code`, within a second whatever the terminal does."""
        self.drafts.flush()
        end_soon(code)
        self.exit(code, return_code=code)

    def on_key(self, event: events.Key) -> None:
        """Say how to leave to whoever presses ctrl+c."""
        if event.key == "ctrl+c":
            self.tell("ctrl+q quits")

    def _take_news(self, changed: Changed) -> None:
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, BaseScreen):
                    screen.receive(changed)

    # ---- when something goes wrong

    def _handle_exception(self, error: Exception) -> None:
        """Tell a refusal that a worker met; anything else ends the program."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(error, WorkerFailed) and isinstance(cause, ContosoError):
            self.tell(cause.message)
            return
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End with one sentence; where it happened goes to the log, without any value of the program."""
        error = self._exception
        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error
        self.drafts.flush()
        log.error("failed with %s\n%s", type(error).__name__, _trace(error))
        words = f"contoso failed ({type(error).__name__}) and has ended. Forms are kept in {self.drafts.folder}"
        if self.log_path is not None:
            words += f"; what happened is in {self.log_path}"
        self._exit_renderables.append(Text(words + "."))
        self._return_value = 1
        self._close_messages_no_wait()


def _trace(error: BaseException | None) -> str:
    """Return places only: messages and values of exceptions may hold customers' names."""
    lines: list[str] = []
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        lines.append(type(error).__name__)
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        error = error.__cause__ or error.__context__
    return "\n".join(lines)
