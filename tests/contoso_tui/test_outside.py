"""Clipboard, editor and the last check of every line."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment
from textual.color import Color

from contoso_tui import clipboard, editor
from contoso_tui.glyphs import SafeGlyphs
from models.errors import UsageError


class FakeApp:
    def __init__(self) -> None:
        self.copied: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)


def tmux_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int) -> Path:
    """Put a program named tmux first in the path that keeps what it was given."""
    program = tmp_path / "bin" / "tmux"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/arguments\ncat > {tmp_path}/text\nexit {status}\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setenv("TMUX", "/run/tmux,1,0")
    return tmp_path


def test_inside_tmux_the_text_goes_through_tmux_and_never_as_an_argument(tmp_path, monkeypatch) -> None:
    tmux_that(tmp_path, monkeypatch, 0)
    app: Any = FakeApp()
    assert clipboard.copy(app, "Fabrikam 東京") == clipboard.SENT
    assert (tmp_path / "text").read_text("utf-8") == "Fabrikam 東京"
    assert (tmp_path / "arguments").read_text("utf-8") == "load-buffer -w -\n"
    assert app.copied == []


def test_a_tmux_that_refuses_leaves_the_escape_sequence(tmp_path, monkeypatch) -> None:
    tmux_that(tmp_path, monkeypatch, 1)
    app: Any = FakeApp()
    assert clipboard.copy(app, "x") == clipboard.SENT
    assert app.copied == ["x"]
    assert "did not take" in clipboard.copy(app, "x", "tmux")


def test_outside_tmux_or_switched_off_or_too_long(monkeypatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    app: Any = FakeApp()
    assert clipboard.copy(app, "x") == clipboard.SENT
    assert "switched off" in clipboard.copy(app, "x", "none")
    assert "Not copied" in clipboard.copy(app, "é" * 10, "auto", 19)
    assert app.copied == ["x"]


async def test_the_editor_gets_a_private_file_that_is_gone_afterwards(make_app, tmp_path, monkeypatch) -> None:
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    program = tmp_path / "ed.sh"
    seen = tmp_path / "seen"
    program.write_text(f'#!/bin/sh\nstat -c %a "$1" > {seen}\necho "$1" >> {seen}\nprintf " and more" >> "$1"\n')
    program.chmod(0o700)
    app = make_app()
    async with app.run_test(size=(80, 24)):
        app._driver.__class__.can_suspend = property(lambda _self: True)
        try:
            app._driver.suspend_application_mode = app._driver.resume_application_mode = lambda: None
            assert editor.edit(app, "first line", str(program)) == "first line and more"
        finally:
            del app._driver.__class__.can_suspend
    mode, path = seen.read_text().split()
    assert mode == "600"
    assert path.startswith(str(runtime))
    assert list(runtime.iterdir()) == []
    assert stat.S_IMODE(program.stat().st_mode) == 0o700


async def test_an_editor_that_cannot_be_had_is_said(make_app) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)):
        with pytest.raises(UsageError, match="cannot be lent"):
            editor.edit(app, "x", "true")


def test_the_editor_is_that_of_the_setting_or_the_environment() -> None:
    assert editor.command_of("", {"VISUAL": "emacs -nw", "EDITOR": "ed"}) == ["emacs", "-nw"]
    assert editor.command_of("nano", {"EDITOR": "ed"}) == ["nano"]
    assert editor.command_of("", {}) == ["vi"]


def test_the_last_check_lets_no_control_character_through_and_keeps_widths() -> None:
    line = [Segment("ok"), Segment("a\x1b[2Jb\u202e"), Segment("│東京…")]
    safe = SafeGlyphs().apply(line, Color.parse("black"))
    assert [segment.text for segment in safe] == ["ok", "a?[2Jb?", "│東京…"]
    plain = SafeGlyphs(ascii_only=True).apply(line, Color.parse("black"))
    assert [segment.text for segment in plain] == ["ok", "a?[2Jb?", "|東京."]
    clean = [Segment("only this")]
    assert SafeGlyphs().apply(clean, Color.parse("black")) is clean
