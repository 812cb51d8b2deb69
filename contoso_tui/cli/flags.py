"""The flags of all commands as they are when nobody gives them; apart, so that a bare `contoso` needs no parser."""

from __future__ import annotations

from typing import Any

COMMON_DEFAULTS: dict[str, Any] = {
    "json": False, "jsonl": False, "csv": False, "fields": "", "plain": False, "no_color": False, "width": None,
    "quiet": False, "verbose": 0, "data": None, "config": None, "as_login": None, "at": None, "no_input": False,
    "yes": False, "if_rev": None,
}  # fmt: skip
