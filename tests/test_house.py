"""The house's own checks: format, lint, types, layers, sizes, and that documents say what is true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PACKAGES = ("contoso_tui", "importers", "models")


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
        ("mypy",),
        ("lint-imports",),
    ],
    ids=lambda command: " ".join(command),
)
def test_check_passes(command: tuple[str, ...]) -> None:
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_files_stay_small() -> None:
    long = {str(path.relative_to(ROOT)): n for path in _sources() if (n := len(path.read_text().splitlines())) > 350}
    assert not long


def test_users_read_deal() -> None:
    word = re.compile(r"opportunit(y|ies)", re.IGNORECASE)
    assert [str(path) for path in _sources() if word.search(path.read_text())] == []


def test_screens_stay_away_from_the_database() -> None:
    forbidden = re.compile(r"^\s*(from|import) (peewee|playhouse|models\.database|models\.triggers)\b", re.MULTILINE)
    folders = ("screens", "dialogs", "widgets", "forms")
    paths = [path for folder in folders for path in (ROOT / "contoso_tui" / folder).rglob("*.py")]
    assert paths
    assert [str(path) for path in paths if forbidden.search(path.read_text())] == []
