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


def test_a_demo_that_was_kept_is_opened_again_beside_the_users_own_state(demo_home: Home) -> None:
    """Its drafts are offered in it alone, and neither log nor emails of made-up people come among real ones."""
    terminal = demo_home.board()
    terminal.press("s")
    terminal.wait_for("┌─ Next step")
    terminal.rest()
    terminal.press("ctrl+u")
    terminal.type("Ask Wren")
    kept = demo_home.data.parent / "state" / "contoso"
    terminal.wait_until(lambda: any((kept / "drafts").glob("*.json")))
    terminal.press("esc", "esc")
    terminal.wait_gone("┌─ Next step")
    terminal.press("q")
    terminal.wait_for("half filled in")
    terminal.press("enter")
    assert terminal.ended()
    assert (kept / "contoso.log").exists()
    assert list((demo_home.folder / "state").iterdir()) == []

    # Their own work starts without it.
    data = demo_home.folder / "own" / "contoso.db"
    demo_home.run("--data", str(data), "init")
    own = demo_home.open("--data", str(data), "open", "board")
    own.wait_for("No deals yet")
    own.rest()
    assert not own.shows("Drafts")()
    assert (demo_home.folder / "state" / "contoso" / "contoso.log").exists()
