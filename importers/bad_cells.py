"""What couldn't be read in a file; without pandas, so that past imports can be listed without it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BadCell:
    """Something in a file that couldn't be read.

    `line` is physical and 1-based; `column` is the header's name, "" when the whole row is meant. With
    `row_skipped` the row was left out, otherwise it went in with this field blank.
    """

    line: int
    column: str
    value: str
    reason: str
    row_skipped: bool
