"""`contoso import`: files in, the list of imports, taking one back, closing one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contoso_tui.cli import import_words, local, values
from contoso_tui.cli.errors import LEFT_FOR_REVIEW
from contoso_tui.cli.output import Column
from contoso_tui.cli.parser import Group
from contoso_tui.cli.terminal import is_full_screen
from contoso_tui.text import clean
from models import ids
from models.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from contoso_tui.cli.context import Call
    from importers.column_map import ColumnName
    from importers.helper import Helper
    from importers.report import Report, Run
    from importers.revert import Reverted
    from models.people.records import Actor

SCHEMA = "contoso.import/1"
_PROGRESS_SECONDS = 0.1


def register(_noun: str, group: Group) -> None:
    """Add the commands."""
    run = group.command("run", import_files, "import files or folders", needs_database=False, writes=True)
    run.add_argument("paths", nargs="*", metavar="DIR|FILE")
    run.add_argument("--source", metavar="CODE", help="take the files for this source: con pos onl loy rev")
    run.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FILE",
        help="what columns mean: a TOML file, or Contacts.csv:Their Column=email (repeatable)",
    )
    run.add_argument(
        "--review",
        choices=("later", "now", "none"),
        default="later",
        help="rows that may be one customer: leave them (exit 6), print them side by side, or say nothing (exit 0)",
    )
    run.add_argument("--dry-run", action="store_true", help="say what would happen; nothing is written")
    run.add_argument(
        "--engine",
        choices=("own", "splink-duckdb", "splink-spark"),
        default="own",
        help="what finds the pairs to compare: Splink for tens of millions of records (contoso-tui[scale])",
    )
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
        # Path.exists raises of names that no file can have.
        if not os.path.exists(path):
            raise NotFoundError(f"There is no file or folder {path}")
    if call.args.dry_run:
        with _beside(paths) as other, _maybe_opened(call):
            report = _run(call, paths, other, dry_run=True)
            _tell_made(call, report)
        return _code(call, report)
    if call.is_there:
        with _beside(paths) as other, call.opened():
            call.check_writing()
            report = _run(call, paths, other)
            _tell_made(call, report)
        return _code(call, report)
    return _first_import(call, paths)


def _beside(paths: list[Path]) -> AbstractContextManager[Helper]:
    """Start a second process for a large import: both load their libraries side by side."""
    from importers import helper

    return helper.beside(helper.size_of(paths))


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
    with _beside(paths) as other:
        make_database(call)
        try:
            with call.opened():
                report = _run(call, paths, other)
                _tell_made(call, report)
        except BaseException:
            if not _holds_import():
                # Leave no empty database that looks like the user's.
                for name in ("", "-journal", "-wal", "-shm"):
                    Path(f"{call.data_path}{name}").unlink(missing_ok=True)
            raise
    if asked and call.out.is_plain and is_full_screen():
        call.out.message("Opening the board ...")
        return _open_board(call)
    return _code(call, report)


def _holds_import() -> bool:
    """Return whether the import was written: it stays if its report alone couldn't be told, as before `| head`."""
    from importers import report
    from models import database

    with database.connection():
        return bool(report.list_runs())


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


def _run(call: Call, paths: list[Path], other: Helper, *, dry_run: bool = False) -> Report:
    from importers import run

    with _progress(call) as tell:
        return run.run(
            paths,
            _importer(call),
            call.now,
            source=call.args.source,
            columns=_columns(call),
            dry_run=dry_run,
            progress=tell,
            engine=call.args.engine,
            other=other,
        )


def _columns(call: Call) -> Sequence[ColumnName]:
    from importers import column_map

    return column_map.read_map(call.args.map)


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

    preview = run.look(paths, call.args.source, _columns(call))
    for line in import_words.preview_lines(preview):
        call.out.message(line)


def _tell(call: Call, report: Report) -> None:
    if not call.out.is_plain:
        call.out.single(SCHEMA, report.to_json(), ())
        return
    call.out.lines(import_words.report_lines(report))


def _tell_made(call: Call, report: Report) -> None:
    """Print the report, and the pairs for review if they are wanted now."""
    _tell(call, report)
    if call.args.review == "now" and call.out.is_plain:
        call.out.lines(import_words.pair_lines(report))


def _code(call: Call, report: Report) -> int:
    return LEFT_FOR_REVIEW if report.review and call.args.review != "none" else 0


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
    call.out.lines(import_words.report_lines(run.report))
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
            "events": undone.events,
            "customers": undone.customers,
            "kept": kept,
        }
        call.out.single("contoso.import-revert/1", record, ())
        return
    call.out.message(
        f"Import {undone.run} is taken back: {undone.customers:,} customers, {undone.records:,} records,"
        f" {undone.purchases:,} purchases" + (f", {undone.events:,} other rows" if undone.events else "")
    )
    for customer in kept:
        call.out.message(f"  kept, somebody has worked on it: {customer['id']} {customer['name']}")


def close_run(call: Call) -> None:
    """Close an import."""
    from importers import revert

    run_id = _number(call)
    revert.close(run_id, call.actor, call.now)
    call.out.message(f"Import {run_id} is closed: it stays now")
