"""Imports in words: one line each, and the whole report with every bad cell and pair for review. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from contoso_tui import formats
from contoso_tui.text import Align, clean, pad
from contoso_tui.widgets.list_view import Line, line
from contoso_tui.widgets.rows import Part
from importers.report import Left, Run

_STATES = {"open": "text", "closed": "dim", "reverted": "soon"}
# What one would read of a file that is all wrong; the command line gives the rest.
_BAD_SHOWN = 2000
WIDE_FROM = 110
NARROW_BELOW = 76
"""Cells under which who imported, and how many rows were linked, give way to the rest."""
_COLUMNS: tuple[tuple[str, int, Align], ...] = (
    ("n", 4, "right"), ("when", 15, "left"), ("who", 11, "left"), ("rows", 9, "right"), ("new", 9, "right"),
    ("linked", 8, "right"), ("review", 7, "right"), ("bad", 5, "right"),
)  # fmt: skip
_GIVE_WAY = ("who", "linked")


def _columns(width: int) -> list[tuple[str, int, Align]]:
    return [one for one in _COLUMNS if width >= NARROW_BELOW or one[0] not in _GIVE_WAY]


def header(width: int) -> list[Part]:
    """Return the columns' names."""
    names = "".join(
        pad(f"  {name}" if name == "when" else name, cells, align) for name, cells, align in _columns(width)
    )
    return [(f" {names}  state", "dim")]


def run_line(run: Run, left: Left, around: tuple[ZoneInfo, dt.date], width: int) -> Line:
    """Return one import; `around` is the company's time zone and today's date."""
    report = run.report
    zone, today = around
    at = run.started_at.astimezone(zone)
    when = f"{at:%d %b %H:%M}" if at.year == today.year else f"{at:%d %b %Y}"
    values: dict[str, Part] = {
        "n": (str(run.id), "text"),
        "when": (f"  {when}", "text"),
        "who": (clean(run.actor), "dim"),
        "rows": (f"{report.rows:,}", "text"),
        "new": (f"{report.new:,}", "text"),
        "linked": (f"{left.linked:,}", "text"),
        "review": (f"{left.review:,}", "soon" if left.review else "text"),
        "bad": (f"{left.bad:,}", "soon" if left.bad else "text"),
    }
    parts = [(pad(values[name][0], cells, align), values[name][1]) for name, cells, align in _columns(width)]
    parts.append((f"  {run.state}", _STATES.get(run.state, "text")))
    if width >= WIDE_FROM:
        parts.append((f"   {files(run)}", "dim"))
    return line(parts, run.id)


def files(run: Run) -> str:
    """Return the files of an import with their rows."""
    return " · ".join(f"{clean(file.path)} {file.rows:,} {file.source}" for file in run.report.files)


def matches(run: Run, wanted: str) -> bool:
    """Return whether a filter finds an import: by number, user, state or file."""
    return wanted.casefold() in f"{run.id} {run.actor} {run.state} {files(run)}".casefold()


def report_text(run: Run, left: Left, zone: ZoneInfo) -> str:
    """Return everything an import did and left."""
    report = run.report
    when = f"{run.started_at.astimezone(zone):%a %d %b %Y %H:%M}"
    lines = [f"Import {run.id}, {run.state}, by {run.actor}, {when}, {report.seconds:.1f} s", ""]
    for file in report.files:
        told = [formats.counted(file.rows, "row"), file.source, *(f"{count:,} {text}" for text, count in file.notices)]
        lines.append(f"{file.path}   {'   '.join(told)}")
    lines += [f"{name}   left out: {reason}" for name, reason in report.ignored]
    lines += [
        "",
        f"Rows         {report.new:,} new, {report.changed:,} changed, {report.unchanged:,} as before",
        f"Linked       {formats.counted(left.linked, 'row')} to a customer that another row had made",
        f"Customers    {report.customers_new:,} new, {report.customers_changed:,} changed, {report.customers:,} in all",
        f"Held         {', '.join(f'{source.rows:,} {source.name}' for source in report.standing) or 'nothing'} in all",
    ]
    if report.orphans:
        waiting = ", ".join(f"{source.waiting:,} {source.name}" for source in report.standing if source.waiting)
        lines.append(f"Waiting      {waiting} for a customer still to come")
    if report.absent:
        lines.append(f"Missing      {formats.counted(report.absent, 'row')} of before not in these files; kept")
    return "\n".join([*lines, "", *_bad(run), "", *_reviews(run)])


def _bad(run: Run) -> Sequence[str]:
    cells = [(file.path, cell) for file in run.report.files for cell in file.bad]
    if not cells:
        return ["Nothing was left out: every cell could be read."]
    lines = [f"COULD NOT BE READ ({len(cells):,})"]
    for path, cell in cells[:_BAD_SHOWN]:
        kept = "row left out" if cell.row_skipped else "left blank"
        where = f"{cell.column} '{cell.value}'" if cell.column else f"'{cell.value}'"
        lines.append(f"{path}, line {cell.line}: {where}, {cell.reason}; {kept}")
    if len(cells) > _BAD_SHOWN:
        lines.append(f"and {len(cells) - _BAD_SHOWN:,} more: contoso import show {run.id} --json")
    return lines


def _reviews(run: Run) -> Sequence[str]:
    if not run.report.reviews:
        return ["Nothing to review."]
    pairs = [f"{pair.left} and {pair.right}: {pair.reason} ({pair.score:.1f} bits)" for pair in run.report.reviews]
    return [f"TO REVIEW ({len(pairs):,})", *pairs]
