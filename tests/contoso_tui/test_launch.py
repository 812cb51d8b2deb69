import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from contoso_tui import first_frame, launch, takeover
from contoso_tui.cli.config import Config
from contoso_tui.keymap import KeyMap
from contoso_tui.screens.board_source import read_start
from models import database, setup
from models.errors import UsageError
from models.people import users
from models.people.records import Actor
from tests.contoso_tui.screens.board_story import NOW, Story, make_app, make_story, running


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Story:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return make_story(tmp_path)


def actor_of(story: Story, login: str = "ana.wu") -> Actor:
    return story.read(users.get_actor, login)


@pytest.mark.parametrize(("size", "login"), [((80, 24), "ana.wu"), ((60, 16), "ana.wu"), ((80, 24), "uma.reyes")])
async def test_what_is_painted_first_is_what_the_app_then_shows(
    story: Story, size: tuple[int, int], login: str
) -> None:
    start = story.read(read_start, actor_of(story, login), NOW)
    settings = launch.settings_from(Config(), "America/Denver", "TEST")
    painted = first_frame.compose(start, settings, actor_of(story, login), NOW, KeyMap(), "nurture", size)
    async with running(make_app(story, login), size) as session:
        await session.sees("City Power")
        shown = ["".join(text for text, _ in row) for row in painted]
        assert shown[1:] == session.rows()[1:]
        # Points are read later, into room that was left free for them.
        assert session.rows()[0].startswith(shown[0].rstrip())


async def test_a_wide_first_frame_has_the_same_columns(story: Story) -> None:
    start = story.read(read_start, actor_of(story), NOW)
    settings = launch.settings_from(Config(), "America/Denver", "TEST")
    painted = first_frame.compose(start, settings, actor_of(story), NOW, KeyMap(), "nurture", (140, 40))
    async with running(make_app(story), (140, 40)) as session:
        await session.sees("NURTURE")
        rows = session.rows()
    assert len(painted) == 40
    for row, shown in list(zip(painted, rows, strict=True))[2:37]:
        assert "".join(text for text, _ in row)[:105] == shown[:105]


def test_the_first_frame_needs_no_textual() -> None:
    code = "import sys, contoso_tui.launch, contoso_tui.first_frame; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_app_never_imports_pandas() -> None:
    names = "contoso_tui.app, contoso_tui.screens.board, contoso_tui.screens.agenda, contoso_tui.screens.empty"
    code = f"import sys, {names}; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_painting_gives_the_terminal_back_when_the_app_cannot_be_made(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = actor_of(story)
    main, side = pty.openpty()
    os.set_blocking(main, False)
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    monkeypatch.setattr(launch, "_make", _fail)
    out = os.fdopen(side, "w", encoding="utf-8")
    with pytest.raises(MemoryError):
        launch.make_app(story.path, actor, lambda: NOW, config=Config(), out=out)
    written = b""
    while chunk := _read(main):
        written += chunk
    out.close()
    os.close(main)
    assert written.startswith(b"\x1b[?1049h")
    assert b"1 Qualify" in written
    assert written.endswith(takeover.LEAVE.encode())


def _fail(*_arguments: object) -> None:
    raise MemoryError


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except (BlockingIOError, OSError):
        return b""


def test_an_unknown_screen_is_named(story: Story) -> None:
    actor = actor_of(story)
    with pytest.raises(UsageError, match="no screen forecasts"):
        launch.make_app(story.path, actor, lambda: NOW, "forecasts", config=Config())


async def test_an_id_opens_over_the_board(story: Story) -> None:
    deal = story.deals["City Power"]
    async with running(make_app(story, screen=f"d-{deal}")) as session:
        await session.sees(f"> City Power · D-{deal}")


async def test_an_empty_database_shows_the_ways_to_a_first_deal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "home" / "crm-export"
    folder.mkdir(parents=True)
    (folder / "Contacts.csv").write_text("a,b\n1,2\n3,4")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    setup.create(tmp_path / "new.db", "olga", NOW, is_test=True)
    with database.connection():
        actor = users.get_actor("olga")
    app = launch.make_app(tmp_path / "new.db", actor, lambda: NOW, config=Config(), out=io.StringIO())
    async with running(app) as session:
        await session.sees("No deals yet.")
        await session.sees("Contacts.csv                        2 rows")
        assert "From the shell:  contoso import ~/crm-export" in session.text()
        await session.press("down", "down", "enter")
        await session.sees("The demo runs beside your data")
        await session.press("escape", "n")
        await session.sees("New deal")
        await session.press("escape")
        await session.sees("No deals yet.")
        await session.press("escape")
        await session.sees("1 Qualify")
