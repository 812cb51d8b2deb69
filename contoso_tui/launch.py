"""Starting the screen: what it needs is read first, then Textual is imported, so that the first frame shows deals."""

from __future__ import annotations

import datetime as dt
import gc
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

if TYPE_CHECKING:
    from contoso_tui.app import ContosoApp
    from contoso_tui.cli.config import Config
    from contoso_tui.host import Hit, Settings
    from contoso_tui.screens.board_source import BoardStart
    from contoso_tui.store import Store
    from models.people.records import Actor

Clock = Callable[[], dt.datetime]
DEMO_EXIT = 64
"""The app's result when the user chose the demo data; `run_app` then starts it in this process's place."""
HOME = "board"
FRAMES_PER_SECOND = 120


class Begin(NamedTuple):
    """What is read before the app exists."""

    settings: Settings
    board: BoardStart
    since: int
    """The newest entry of the journal: what others commit from then on has to be told."""


def read_begin(actor: Actor, clock: Clock, config: Config, view: str = "") -> Begin:
    """Read what the first screen needs; `view` names the board's first view. Call it inside an open connection.

    Raises:
        UsageError: there is no such view.
    """
    from contoso_tui.screens.board_source import read_start
    from models import database, journal

    since = journal.last_id()
    settings = settings_from(config, database.company_zone(), _banner(database))
    return Begin(settings, read_start(actor, clock(), settings.board_sort, view), since)


def run_app(path: Path, actor: Actor, clock: Clock, begin: Begin, screen: str = "", *, config: Config) -> int:
    """Show the screen `screen` (a name, a shown id such as D-1042, or "" for the user's home) and return the exit code.

    `clock` returns the time now in UTC; `begin` is what `read_begin` gave for them.

    Raises:
        UsageError: there is no such screen.
    """
    # Nothing that is made up to the first screen is garbage; looking for it takes a fourteenth of the start.
    # The app turns it on again when the screen stands.
    gc.disable()
    log_path = _start_log()
    out = sys.stdout if sys.stdout.isatty() else None
    app = make_app(path, actor, clock, screen, config=config, begin=begin, out=out)
    app.log_path = log_path
    code = app.run(mouse=app.settings.mouse)
    if code == DEMO_EXIT:
        return _run_demo()
    return app.return_code or 0 if code is None else int(code)


def make_app(
    path: Path,
    actor: Actor,
    clock: Clock,
    screen: str = "",
    *,
    config: Config | None = None,
    begin: Begin | None = None,
    out: TextIO | None = None,
) -> ContosoApp:
    """Return the app, ready to run; the first board is written to the terminal `out` before Textual is imported.

    Without `config` the user's own files count; without `begin` it is read here.

    Raises:
        UsageError: there is no such screen.
        DatabaseAwayError: the database can't be read.
    """
    if config is None:
        from contoso_tui.cli import config as config_files

        config = config_files.load()
    if begin is None:
        from models import database

        database.init(path)
        with database.connection():
            begin = read_begin(actor, clock, config)
    start, goal = _place(screen or begin.settings.home)
    if out is None or start != HOME or goal or not begin.board.has_deals:
        return _make(path, actor, clock, begin, config, start, goal)
    from contoso_tui import takeover

    _paint_first(begin, actor, clock, config, out)
    try:
        return _make(path, actor, clock, begin, config, start, goal)
    except BaseException:
        takeover.give_back(out)
        raise


def _make(path: Path, actor: Actor, clock: Clock, begin: Begin, config: Config, start: str, goal: str) -> ContosoApp:
    from textual import constants

    # Textual paints at the next tick of its frame clock: at 60 a second that alone costs a key 8 ms in the mean.
    constants.MAX_FPS = FRAMES_PER_SECOND  # type: ignore[misc]
    from contoso_tui.app import ContosoApp
    from contoso_tui.screens import OPENERS, SCREENS, maker
    from contoso_tui.screens.board import BoardScreen
    from contoso_tui.store import Store

    store = Store(path, since=begin.since)
    screens: dict[str, Any] = {name: maker(target) for name, target in SCREENS.items()}
    screens[HOME] = lambda: BoardScreen(begin.board)
    return ContosoApp(
        store,
        actor,
        screens,
        settings=begin.settings,
        clock=clock,
        start=start,
        first_goal=goal,
        openers={letter: maker(target) for letter, target in OPENERS.items()},
        key_overrides=config.keys,
        search=_search(store),
    )


def _banner(database: Any) -> str:
    if database.setting("is_demo"):
        return "DEMO"
    return "TEST" if database.setting("is_test") else ""


def settings_from(config: Config, zone: str, banner: str = "") -> Settings:
    """Return what of the configuration the screens need; `banner` marks a demo or test database."""
    from contoso_tui.host import Settings

    return Settings(
        theme=config["ui.theme"],
        ascii_glyphs=config["ui.glyphs"] == "ascii" or not _is_utf8(),
        mouse=bool(config["ui.mouse"]) and config["ui.bandwidth"] != "low",
        low_bandwidth=config["ui.bandwidth"] == "low",
        watches_line=config["ui.bandwidth"] == "auto",
        hint_delay_ms=int(config["ui.hint_delay_ms"]),
        status_seconds=float(config["ui.status_seconds"]),
        clipboard_method=config["clipboard.method"],
        clipboard_max_bytes=int(config["clipboard.max_bytes"]),
        editor=config["editor.command"],
        board_sort=config["board.sort"],
        card_lines=int(config["board.card_lines"]),
        board_pane=config["board.pane"],
        terminal_title=config["notify.title"],
        home=config["me.home"],
        banner=banner,
        zone=zone,
    )


def _is_utf8() -> bool:
    """Return whether the locale can show line drawing; LANG=C cannot."""
    import locale

    return locale.getpreferredencoding(False).lower().replace("-", "") == "utf8"


def _paint_first(begin: Begin, actor: Actor, clock: Clock, config: Config, out: TextIO) -> None:
    from contoso_tui import first_frame
    from contoso_tui.keymap import KeyMap
    from contoso_tui.pane_choice import remembered_pane

    pane = remembered_pane(actor.login) or begin.settings.board_pane
    first_frame.paint(begin.board, begin.settings, actor, clock(), KeyMap(config.keys), pane, out)


def _place(wanted: str) -> tuple[str, str]:
    """Return the screen to start on and the id to open there; a home that does not exist yet is the board."""
    from contoso_tui.screens import OPENERS, SCREENS
    from models.errors import UsageError

    names, letters = tuple(SCREENS), tuple(OPENERS)

    word = wanted.strip()
    low = word.lower()
    if low in ("", "home"):
        return HOME, ""
    if low in names:
        return low, ""
    if word[:1].upper() in letters and word[1:2] == "-":
        return HOME, word.upper()
    raise UsageError(f"There is no screen {word}; there are {', '.join(names)}, or an id such as D-1042")


def _search(store: Store) -> Callable[[str], Any]:
    from contoso_tui.host import Hit

    async def search(text: str) -> list[Hit]:
        # Needed only when the palette is typed into.
        from importers import lookup
        from models.ids import show_customer, show_deal

        found = await store.read(lookup.find, text)
        show = {"deal": show_deal, "customer": show_customer, "person": show_customer}
        return [Hit(show[hit.kind](hit.id), hit.name, hit.detail) for hit in found]

    return search


def _start_log() -> Path:
    """Send the log to a private file; it holds places in the program, never data."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    path = Path(state) / "contoso" / "contoso.log"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    logging.basicConfig(filename=path, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    return path


def _run_demo() -> int:
    """Start the demo as the shell would, beside the real data."""
    os.execv(sys.executable, [sys.executable, "-m", "contoso_tui", "demo"])
