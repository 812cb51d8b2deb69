"""Whether a screen can be shown here."""

from __future__ import annotations

import os
import sys


def is_full_screen() -> bool:
    """Return whether there is a terminal on both ends that understands escape codes."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("", "dumb")
