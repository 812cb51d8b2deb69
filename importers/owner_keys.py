"""Whose keys purchases name, known without loading what reads files."""

from __future__ import annotations

OWNER_SOURCES = {"pos": "loy", "onl": "con"}
"""Code of each source of purchases to the code of the source of people whose keys its rows name."""
