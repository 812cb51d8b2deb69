"""`contoso demo` on a terminal: what it writes stands in a folder of its own, and goes with it."""

from __future__ import annotations

from pathlib import Path

from tests.terminal.terminal import Home


def test_a_demo_leaves_neither_data_nor_state(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    terminal = home.open("demo", TMPDIR=str(temporary))
    try:
        terminal.wait_for("? help")
        terminal.rest()
        (folder,) = temporary.glob("contoso-demo-*")
        assert (folder / "state" / "contoso" / "contoso.log").exists()
        terminal.press("ctrl+q")
        assert terminal.ended()
        assert list(temporary.iterdir()) == []
        assert [path for path in (tmp_path / "home").rglob("*") if path.is_file()] == []
    finally:
        terminal.kill()
