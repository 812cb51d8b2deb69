"""Copying to the user's clipboard from a host they reach by ssh, and the honest words about it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App

SENT = "Sent to your terminal's clipboard; Y shows it"


def copy(app: App[Any], text: str, method: str = "auto", max_bytes: int = 74_994) -> str:
    """Send `text` to the clipboard and return the sentence to tell.

    Inside tmux the text goes through tmux on its standard input, since a default tmux drops the escape sequence
    that programs send; elsewhere OSC 52. No terminal answers, so success cannot be known.
    """
    if method == "none":
        return "Copying is switched off in the configuration; Y shows the text"
    size = len(text.encode("utf-8", "replace"))
    if size > max_bytes:
        return f"Not copied: {size:,} bytes, the terminal may take {max_bytes:,}; Y shows the text"
    wants_tmux = method == "tmux" or (method == "auto" and bool(os.environ.get("TMUX")))
    if wants_tmux:
        if _through_tmux(text):
            return SENT
        if method == "tmux":
            return "tmux did not take the text; Y shows it"
    app.copy_to_clipboard(text)
    return SENT


def _through_tmux(text: str) -> bool:
    try:
        done = subprocess.run(
            ["tmux", "load-buffer", "-w", "-"],
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=2,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
