"""What imports say on the command line: what was found, what was done, what is left to decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models import words

if TYPE_CHECKING:
    from importers.report import Report
    from importers.run import Preview

# Bad rows that are listed for people; all are in `contoso import show N --json`.
_BAD_SHOWN = 20


def preview_lines(preview: Preview) -> list[str]:
    """Return what was found in files, one line each, before anything is written."""
    count = len(preview.files)
    lines = [f"Looked at {count} file{'s' if count != 1 else ''}, nothing written yet."]
    width = max((len(file.path.name) for file in preview.files), default=0)
    for file in preview.files:
        told = [f"dates {file.dates}"] if file.dates else []
        told += [f"{number:,} {text}" for text, number in file.notices]
        told += [f"{file.bad:,} bad cells"] if file.bad else []
        title = f"-> {file.title} ({file.source})"
        lines.append(f"  {file.path.name:<{width}}  {file.rows:>9,} rows  {title:<24}  {'   '.join(told)}".rstrip())
    lines += [f"  {name}: left out, {reason}" for name, reason in preview.ignored]
    return lines


def report_lines(report: Report) -> list[str]:
    """Return a report in words."""
    rows = words.counted(report.rows, "row")
    if report.dry_run:
        head = f"Would import {rows}: {words.counted(report.customers_new, 'new customer')}"
    elif not report.has_changes:
        head = f"{rows} in {report.seconds:.1f} s. Nothing changed"
    else:
        head = f"{rows} in {report.seconds:.1f} s"
    where = " (contoso match list)" if report.review and not report.dry_run else ""
    head += f". {words.counted(report.customers, 'customer')}, {words.counted(report.review, 'row')} to review{where}."
    if not report.dry_run and report.run is not None and report.has_changes:
        head += f" Take it back: contoso import revert {report.run}"
    lines = [head]
    if report.orphans:
        waiting = words.counted(report.orphans, "row waits for its customer", "rows wait for their customers")
        named = [f"{source.name} {source.waiting:,}" for source in report.standing if source.waiting]
        lines.append(f"  {waiting}: {', '.join(named)}")
    if report.absent:
        absent = words.counted(report.absent, "row of before is", "rows of before are")
        lines.append(f"  {absent} not in these files; kept as they were")
    if report.learn_again:
        lines.append(f"  matching should learn again, as {report.learn_again}: contoso match learn")
    lines += [f"  {name}: left out, {reason}" for name, reason in report.ignored]
    bad = [(file.path, cell) for file in report.files for cell in file.bad]
    for path, cell in bad[:_BAD_SHOWN]:
        kept = "row left out" if cell.row_skipped else "left blank"
        lines.append(f"  {path}, line {cell.line}: {cell.column} {cell.value!r}, {cell.reason}; {kept}")
    if len(bad) > _BAD_SHOWN:
        lines.append(f"  and {len(bad) - _BAD_SHOWN:,} more bad cells: contoso import show {report.run} --json")
    return lines


def pair_lines(report: Report) -> Iterator[str]:
    """Return the pairs for review side by side; of a dry run, which keeps no records, by their keys."""
    from importers import review

    if report.run is None:
        for pair in report.reviews:
            yield f"  to review: {pair.left} and {pair.right}, {pair.reason}"
        return
    pairs = review.list_pairs(report.run)
    for number, found in enumerate(pairs, 1):
        yield ""
        yield f"To review, {number} of {len(pairs)}: {found.reason} ({found.score:.1f} bits)"
        for side in (found.left, found.right):
            yield f"  {side.key:<20}  {side.customer:<8}  {side.name}"
        for field in found.fields:
            values = f"{field.left or '-'} | {field.right or '-'}" if field.left or field.right else ""
            yield f"  {field.relation.sign} {field.label:<8}  {values}".rstrip()
