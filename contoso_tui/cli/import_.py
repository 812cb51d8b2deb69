"""`contoso import`: files in, the list of imports, taking one back, closing one."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import local, values
from contoso_tui.cli.errors import LEFT_FOR_REVIEW
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from contoso_tui.cli.terminal import is_full_screen
from contoso_tui.text import clean
from models import ids
from models.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from importers.report import Report, Run
    from importers.revert import Reverted
    from importers.run import Preview
    from models.people.records import Actor

SCHEMA = "contoso.import/1"
# Bad rows that are listed for people; all are in `contoso import show N --json`.
_BAD_SHOWN = 20
_PROGRESS_SECONDS = 0.1
_TITLES = {"con": "contacts", "loy": "loyalty scheme", "pos": "store purchases", "onl": "online purchases"}


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    run = group.command("run", import_files, "import files or folders", needs_database=False, writes=True)
    run.add_argument("paths", nargs="*", metavar="DIR|FILE")
    run.add_argument("--source", choices=("con", "pos", "onl", "loy"), help="take the files for this source")
    run.add_argument("--dry-run", action="store_true", help="say what would happen; nothing is written")
    group.command("list", list_runs, "list imports, newest first")
    for verb, handler, help in (
        ("show", show_run, "the report of an import with its bad rows"),
        ("revert", revert_run, "take a whole import back"),
        ("close", close_run, "end the time in which it can be taken back"),
    ):
        made = group.command(verb, handler, help, writes=verb != "show")
        made.add_argument("number", metavar="N")


def import_files(call: Call) -> int:
    """Import files; a database that isn't there yet is made, after asking."""
    paths = [Path(word).expanduser() for word in call.args.paths]
    if not paths:
        raise UsageError("Import what? Name a folder or files: contoso import ~/crm-export")
    for path in paths:
        if not path.exists():
            raise NotFoundError(f"There is no file or folder {path}")
    if call.args.dry_run:
        with _maybe_opened(call):
            report = _run(call, paths, dry_run=True)
            _tell(call, report)
        return LEFT_FOR_REVIEW if report.review else 0
    if call.is_there:
        with call.opened():
            call.check_writing()
            report = _run(call, paths)
            _tell(call, report)
        return LEFT_FOR_REVIEW if report.review else 0
    return _first_import(call, paths)


def _first_import(call: Call, paths: list[Path]) -> int:
    from contoso_tui.cli.init import make_database

    asked = not call.args.yes
    if asked:
        if not call.can_ask:
            raise UsageError(f"There is no database at {call.data_path} yet: --yes makes it and imports")
        _show_preview(call, paths)
        if not call.confirm(f"Make {call.data_path} and import?"):
            call.out.message("Nothing was written")
            return 0
    make_database(call)
    try:
        with call.opened():
            report = _run(call, paths)
            _tell(call, report)
    except BaseException:
        # Nothing was imported: leave no empty database that looks like the user's.
        for name in ("", "-wal", "-shm"):
            Path(f"{call.data_path}{name}").unlink(missing_ok=True)
        raise
    if asked and call.out.is_plain and is_full_screen():
        call.out.message("Opening the board ...")
        return _open_board(call)
    return LEFT_FOR_REVIEW if report.review else 0


def _open_board(call: Call) -> int:
    from contoso_tui import launch

    with call.opened():
        actor = call.screen_actor
        begin = launch.read_begin(actor, call.clock, call.config)
    return launch.run_app(call.data_path, actor, call.clock, begin, config=call.config)


@contextmanager
def _maybe_opened(call: Call) -> Iterator[None]:
    """Hold the database open if there is one: a dry run makes none."""
    if call.is_there:
        with call.opened():
            yield
    else:
        yield


def _run(call: Call, paths: list[Path], *, dry_run: bool = False) -> Report:
    from importers import run

    with _progress(call) as tell:
        return run.run(paths, _importer(call), call.now, source=call.args.source, dry_run=dry_run, progress=tell)


def _importer(call: Call) -> Actor:
    """Return who imports; a dry run without a database needs only a name."""
    from models.people import users
    from models.people.records import Actor

    if call.is_there:
        return call.actor
    return Actor(0, users.system_login(), "", frozenset(), None, "cli")


@contextmanager
def _progress(call: Call) -> Iterator[Callable[[int, int, str], None]]:
    """Show one line that is written over, on a terminal only."""
    shown = sys.stderr.isatty() and not call.out.is_quiet
    last = 0.0

    def tell(done: int, total: int, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if shown and now - last > _PROGRESS_SECONDS:
            last = now
            share = f"{done:,} of {total:,} rows  " if total else ""
            sys.stderr.write(f"\r\x1b[K{share}{clean(text)[:60]}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if shown and last:
            sys.stderr.write("\r\x1b[K")


def _show_preview(call: Call, paths: list[Path]) -> None:
    from importers import run

    preview = run.look(paths, call.args.source)
    for line in preview_lines(preview):
        call.out.message(line)


def preview_lines(preview: Preview) -> list[str]:
    """Return what was found in files, one line each, before anything is written."""
    count = len(preview.files)
    lines = [f"Looked at {count} file{'s' if count != 1 else ''}, nothing written yet."]
    width = max((len(file.path.name) for file in preview.files), default=0)
    for file in preview.files:
        told = [f"dates {file.dates}"] if file.dates else []
        told += [f"{number:,} {text}" for text, number in file.notices]
        told += [f"{file.bad:,} bad cells"] if file.bad else []
        title = f"-> {_TITLES.get(file.source, file.title)} ({file.source})"
        lines.append(f"  {file.path.name:<{width}}  {file.rows:>9,} rows  {title:<24}  {'   '.join(told)}".rstrip())
    lines += [f"  {name}: left out, {reason}" for name, reason in preview.ignored]
    return lines


def _tell(call: Call, report: Report) -> None:
    if not call.out.is_plain:
        call.out.single(SCHEMA, report.to_json(), ())
        return
    call.out.lines(report_lines(report))


def report_lines(report: Report) -> list[str]:
    """Return a report in words."""
    if report.dry_run:
        head = f"Would import {report.rows:,} rows: {report.customers_new:,} new customers"
    elif not report.has_changes:
        head = f"{report.rows:,} rows in {report.seconds:.1f} s. Nothing changed"
    else:
        head = f"{report.rows:,} rows in {report.seconds:.1f} s"
    head += f". {report.customers:,} customers, {report.review:,} rows to review."
    if not report.dry_run and report.run is not None and report.has_changes:
        head += f" Take it back: contoso import revert {report.run}"
    lines = [head]
    if report.orphans:
        lines.append(f"  {report.orphans:,} purchases wait for their customer")
    if report.absent:
        lines.append(f"  {report.absent:,} rows of before are not in these files; they are kept")
    lines += [f"  {name}: left out, {reason}" for name, reason in report.ignored]
    bad = [(file.path, cell) for file in report.files for cell in file.bad]
    for path, cell in bad[:_BAD_SHOWN]:
        kept = "row left out" if cell.row_skipped else "left blank"
        lines.append(f"  {path}, line {cell.line}: {cell.column} {cell.value!r}, {cell.reason}; {kept}")
    if len(bad) > _BAD_SHOWN:
        lines.append(f"  and {len(bad) - _BAD_SHOWN:,} more bad cells: contoso import show {report.run} --json")
    return lines


def _run_record(run: Run, zone: str) -> dict[str, Any]:
    return {
        "run": run.id,
        "state": run.state,
        "actor": run.actor,
        "started_at": local.moment(run.started_at, zone),
        "files": len(run.report.files),
        "rows": run.report.rows,
        "new": run.report.new,
        "changed": run.report.changed,
        "customers_new": run.report.customers_new,
    }


def list_runs(call: Call) -> None:
    """List imports."""
    from importers import report

    records = [_run_record(run, call.zone) for run in report.list_runs()]
    call.out.listing(
        "contoso.import-run/1",
        records,
        [
            Column("n", lambda r: str(r["run"]), "right"),
            Column("when", lambda r: r["started_at"][:16].replace("T", " ")),
            Column("who", lambda r: r["actor"]),
            Column("files", lambda r: str(r["files"]), "right"),
            Column("rows", lambda r: f"{r['rows']:,}", "right"),
            Column("new", lambda r: f"{r['new']:,}", "right"),
            Column("changed", lambda r: f"{r['changed']:,}", "right"),
            Column("state", lambda r: r["state"]),
        ],
        empty="Nothing has been imported yet: contoso import DIR",
    )


def _number(call: Call) -> int:
    return values.number(call.args.number, "The number of an import")


def show_run(call: Call) -> None:
    """Show the report of an import."""
    from importers import report

    run = report.get_run(_number(call))
    if not call.out.is_plain:
        _tell(call, run.report)
        return
    started = local.moment(run.started_at, call.zone)[:16].replace("T", " ")
    call.out.lines([f"Import {run.id}, {run.state}, by {run.actor}, {started}"])
    for file in run.report.files:
        told = "  ".join(f"{number:,} {text}" for text, number in file.notices)
        call.out.lines([f"  {file.path}  {file.rows:,} rows  {file.source}  {told}".rstrip()])
    call.out.lines(report_lines(run.report))
    call.out.lines(f"  to review: {pair.left} and {pair.right}, {pair.reason}" for pair in run.report.reviews)


def revert_run(call: Call) -> None:
    """Take an import back."""
    from importers import revert

    tell_reverted(call, revert.revert(_number(call), call.actor, call.now))


def tell_reverted(call: Call, undone: Reverted) -> None:
    """Tell what an import that was taken back took along, and what stayed."""
    kept = [{"id": ids.show_customer(customer_id), "name": name} for customer_id, name in undone.kept]
    if not call.out.is_plain:
        record = {
            "run": undone.run,
            "records": undone.records,
            "purchases": undone.purchases,
            "customers": undone.customers,
            "kept": kept,
        }
        call.out.single("contoso.import-revert/1", record, ())
        return
    call.out.message(
        f"Import {undone.run} is taken back: {undone.customers:,} customers, {undone.records:,} records,"
        f" {undone.purchases:,} purchases"
    )
    for customer in kept:
        call.out.message(f"  kept, somebody has worked on it: {customer['id']} {customer['name']}")


def close_run(call: Call) -> None:
    """Close an import."""
    from importers import revert

    run_id = _number(call)
    revert.close(run_id, call.actor, call.now)
    call.out.message(f"Import {run_id} is closed: it stays now")
