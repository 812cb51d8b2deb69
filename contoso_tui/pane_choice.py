"""The board's side pane: which one a user chose, kept for the next start, and how wide it is. No Textual."""

from __future__ import annotations

import json
import os
from pathlib import Path

PANES = ("nurture", "preview", "off")
WIDE_FROM = 120
"""Terminal width from which there is room for a pane and a second row."""
EQUAL_FROM = 140
CELLS = 35
BOARD_CELLS = 84
"""What the board keeps from `WIDE_FROM` to `EQUAL_FROM`; from there the pane has `CELLS` and the board the rest."""


def cells(width: int) -> int:
    """Return how wide the pane is on a terminal of `width` cells."""
    return CELLS if width >= EQUAL_FROM else width - BOARD_CELLS


def state_file() -> Path:
    """Return where the choice is kept."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "contoso" / "screen.json"


def remembered_pane(login: str) -> str:
    """Return the pane that a user chose last, "" for none."""
    try:
        found = json.loads(state_file().read_text("utf-8")).get(login, {}).get("pane", "")
    except (OSError, ValueError, AttributeError):
        return ""
    return found if found in PANES else ""


def remember_pane(login: str, pane: str) -> None:
    """Keep the choice for the next start; a state folder that can't be written is no reason to fail."""
    path = state_file()
    try:
        held = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        held = {}
    held = held if isinstance(held, dict) else {}
    held[login] = {"pane": pane}
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(held, file)
    except OSError:
        return
