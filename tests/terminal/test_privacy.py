"""The host is shared: files are their owner's, and neither the process list nor the title tells of customers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.terminal import Home

_TITLES = re.compile(rb"\x1b\][02];([^\x07\x1b]*)")
TYPED = "Ask Wren about the wiring"


def open_to_others(folder: Path) -> Iterator[tuple[str, str]]:
    """Return files and folders that somebody else could read, list or change."""
    for path in folder.rglob("*"):
        if path.stat().st_mode & 0o077:
            yield str(path.relative_to(folder)), oct(path.stat().st_mode)


def command_lines() -> list[str]:
    """Return what `ps` would show of every process."""
    shown = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            shown.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return shown


def test_after_a_day_of_work_no_file_is_open_to_others(demo_home: Home) -> None:
    demo_home.run("--as", "ana.wu", "deal", "list", "--json")
    demo_home.run("doctor", code=None)
    terminal = demo_home.board()
    terminal.press("p")
    terminal.wait_for("Agenda")
    terminal.press("g", "b")
    terminal.wait_for("mine·open")
    terminal.press("s")
    terminal.wait_for("┌─ Next step")
    terminal.press("ctrl+u")
    terminal.type(TYPED)
    terminal.wait_for(TYPED)
    drafts = demo_home.state / "drafts"
    terminal.wait_until(lambda: any(drafts.glob("*.json")))
    assert list(open_to_others(demo_home.folder)) == []
    # The names of drafts tell nothing either.
    assert [path.name for path in drafts.iterdir() if re.search(r"D-|wu|step", path.name)] == []
    log = demo_home.state / "contoso.log"
    assert log.read_text("utf-8") == ""


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_neither_process_list_nor_title_names_a_customer(demo_home: Home) -> None:
    ((name,),) = demo_home.query(
        "SELECT c.name FROM deal d JOIN customer c ON c.id = d.customer_id JOIN app_user u ON u.id = d.owner_id"
        " WHERE u.login = 'ana.wu' AND d.outcome = 'open' AND d.stage = 'qualify' AND c.kind = 'corporate' LIMIT 1"
    )
    terminal = demo_home.board()
    terminal.press("/")
    terminal.type(name)
    terminal.press("enter", "enter")
    terminal.wait_for("1 Timeline")
    terminal.press("o")
    terminal.wait_for("Who")
    terminal.rest()
    assert [line for line in command_lines() if name in line] == []
    titles = {title.decode() for title in _TITLES.findall(terminal.raw)}
    assert "contoso: board" in titles
    assert all(title.startswith("contoso") and name not in title for title in titles)


def test_the_text_for_the_editor_is_a_private_file(demo_home: Home) -> None:
    spy = demo_home.folder / "spy"
    spy.write_text('#!/bin/sh\nstat -c "%a %n" "$1" > "$(dirname "$0")/seen"\nprintf more >> "$1"\n', "utf-8")
    spy.chmod(0o700)
    terminal = demo_home.board(EDITOR=str(spy))
    terminal.press("s")
    terminal.wait_for("┌─ Next step")
    terminal.press("ctrl+u")
    terminal.type(TYPED)
    terminal.press("F2")
    terminal.wait_for(f"{TYPED}more")
    mode, path = (demo_home.folder / "seen").read_text("utf-8").split()
    assert mode == "600"
    assert path.startswith(str(demo_home.folder / "run"))
    assert not Path(path).exists()
