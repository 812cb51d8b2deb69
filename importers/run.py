"""Imports from files to customers: looking without writing, dry run, and the run itself."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from importers import (
    changes,
    collector,
    existing,
    follow_ups,
    helper,
    linking,
    match_memory,
    planning,
    relearning,
    report,
    sheets,
    staged,
)
from importers.column_map import ColumnName
from importers.grouping import FOREIGN
from importers.helper import Helper
from importers.incoming import Progress
from importers.kinds import OWNED
from importers.loading import Loader
from importers.planning import Plan
from importers.recognise import Ignored, open_files, refuse_contradictions
from importers.report import FileReport, Report, Review, Standing
from importers.sources import SOURCES, Parsed, get_source
from models import clock, database, journal
from models.customers import follow_ups as tasks
from models.customers.decisions import Key
from models.customers.entered import TYPED
from models.errors import ChangedMeanwhileError
from models.ids import show_customer
from models.people.records import Actor

_ATTEMPTS = 3
# From so many rows on a first import takes seconds to write.
_MANY = 100_000
# Of a first import of 1M records this holds the indexes that are written all over; rows are added at the end. With all
# pages held it took as long.
_CACHE_MEBIBYTES = 160
_SLASHED, _ISO = re.compile(r"\d{1,2}/\d{1,2}/\d{4}"), re.compile(r"\d{4}-\d{1,2}-\d{1,2}")


@dataclass(frozen=True, slots=True)
class PreviewFile:
    """One file as found: `dates` is the form of its dates, `notices` are (text, count)."""

    path: Path
    source: str
    title: str
    rows: int
    dates: str
    bad: int
    notices: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would read."""

    files: tuple[PreviewFile, ...]
    ignored: tuple[tuple[str, str], ...]


class _Stale(Exception):
    """Another import was written while this one was planned."""


def look(paths: Sequence[Path], source: str | None = None, columns: Sequence[ColumnName] = ()) -> Preview:
    """Read and recognise files without a database; nothing is written.

    Raises:
        RefusedFile: a file can't be used.
    """
    opened = open_files(paths, source, columns)
    parsed = [found.parse() for found in opened.found]
    refuse_contradictions(parsed)
    keys: dict[str, set[str]] = {}
    for one in parsed:
        if one.source.is_people:
            keys.setdefault(one.source.code, set()).update(one.key)
    files = []
    for one in parsed:
        notices = [(notice.text, notice.count) for notice in one.notices]
        named = keys.get(one.source.foreign_source) if not one.source.is_people else None
        if named:
            waiting = int((~one.foreign.isin(named)).sum())
            notices += [(f"of nobody in {get_source(one.source.foreign_source).title}", waiting)] if waiting else []
        described = sheets.describe(one)
        files.append(
            PreviewFile(
                one.path, one.source.code, one.source.title, described.rows, _dates(one), len(one.bad), tuple(notices)
            )
        )
    return Preview(tuple(files), _ignored(opened.ignored))


def run(
    paths: Sequence[Path],
    actor: Actor,
    now: dt.datetime,
    *,
    source: str | None = None,
    columns: Sequence[ColumnName] = (),
    dry_run: bool = False,
    progress: Progress | None = None,
    engine: str = "own",
    other: Helper | None = None,
) -> Report:
    """Import files or folders as one transaction and one action.

    Files are read, compared and matched before the write lock is taken. A dry run goes the same way and writes
    nothing; it works without a database, as if on an empty one. `source` takes all files for that source;
    `columns` are names that the user gives to columns; `engine` finds the pairs to compare. `other` was started before
    this module was loaded; without it one is started here, for a large import.

    Raises:
        RefusedFile: a file can't be used; nothing was written.
        UsageError: a name of `columns` is of no file or column that is there; the engine isn't installed.
        ChangedMeanwhileError: other imports kept coming in between.
    """
    started = time.monotonic()
    tell = progress or _silent
    importer = actor._replace(path="import")
    propose = linking.proposer(engine)
    opened = open_files(paths, source, columns)
    # Among millions of rows that live to the end, looking for cycles takes a tenth of the time.
    with collector.paused(), nullcontext(other) if other else helper.beside(helper.size_of(paths)) as beside:
        for _ in range(_ATTEMPTS):
            plan = planning.make(opened, tell, propose, beside)
            if dry_run:
                return _foresee(plan, time.monotonic() - started)
            try:
                return _write(plan, importer, now, started, tell)
            except _Stale:
                continue
    raise ChangedMeanwhileError("Other imports were written while this one was read: import again")


def _write(plan: Plan, importer: Actor, now: dt.datetime, started: float, tell: Progress) -> Report:
    names = len(plan.files)
    title = f"Imported {names} file" + ("s" if names != 1 else "")
    # All references at once are checked in a fifth of the time, of all rows there are.
    checks_once = plan.written > plan.known.rows
    with (
        database.written_once() if plan.written > _MANY and not plan.known.rows else nullcontext(),
        database.large_cache(_CACHE_MEBIBYTES),
        database.unchecked_references() if checks_once else nullcontext(),
        staged.attaching() as attach,
        journal.action(importer, now, "import.run", title, can_undo=False) as made,
    ):
        if existing.stamp() != plan.stamp:
            raise _Stale
        cursor = database.execute(
            "INSERT INTO import_run (actor, started_at, finished_at) VALUES (?, ?, ?)",
            (importer.login, clock.to_micros(now), clock.to_micros(now)),
        )
        run_id = int(cursor.lastrowid or 0)
        loader = Loader(run_id, clock.to_micros(now), plan.written, tell)
        changed = loader.load(plan, attach)
        advice = ""
        if plan.links.lesson is not None:
            match_memory.keep(run_id, plan.links.lesson, plan.record_ids(), importer.login, now)
            advice = relearning.why_learn_again(match_memory.read())
        planned = tasks.plan(importer, now, run_id, follow_ups.find(run_id, loader.attached))
        # Customers of whom purchases waited for an owner may have one now.
        tasks.hand_out(importer, now)
        customers, standing = _standing()
        counted = _report(plan, run_id, len(changed), customers, standing, time.monotonic() - started)
        counted = replace(counted, learn_again=advice)
        report.save(counted)
        made.summary = f"{title}: {_sentence(counted, planned)}"
        if checks_once:
            database.check_references("import")
    return counted


def _sentence(counted: Report, planned: int) -> str:
    if not counted.has_changes:
        return "nothing changed"
    parts = [f"{counted.new:,} new rows", f"{counted.customers_new:,} new customers"]
    parts += [f"{counted.changed:,} changed rows"] if counted.changed else []
    parts += [f"{counted.review:,} to review"] if counted.review else []
    parts += [f"{planned:,} to follow up"] if planned else []
    return ", ".join(parts)


def _standing() -> tuple[int, tuple[Standing, ...]]:
    """Return how many customers the database holds, and how many rows of each source that belong to them by a key."""
    customers = database.execute("SELECT count(*) FROM customer WHERE merged_into_id IS NULL").fetchone()[0]
    found: dict[str, tuple[int, int]] = {}
    for kind in OWNED:
        # Both are read off an index: the rows themselves are many pages.
        waiting = dict(
            database.execute(
                f"SELECT source, count(*) FROM {kind.table} WHERE customer_id IS NULL GROUP BY source"
            ).fetchall()
        )
        for source, rows in database.execute(f"SELECT source, count(*) FROM {kind.table} GROUP BY source").fetchall():
            found[source] = (rows, waiting.get(source, 0))
    return customers, _of_sources(found)


def _of_sources(counts: Mapping[str, tuple[int, int]]) -> tuple[Standing, ...]:
    return tuple(
        Standing(source.report_name or source.plural, source.kind.name, *counts.get(source.code, (0, 0)))
        for source in SOURCES
        if source.kind in OWNED
    )


def _foresee(plan: Plan, seconds: float) -> Report:
    """Count what the database would hold."""
    known = plan.known
    keys = set(known.keys)
    for row in (*plan.incoming.new, *plan.incoming.changed):
        keys.add((row.source, row.key))
        if row.declared_key:
            keys.add((FOREIGN[row.source], row.declared_key))
    arriving = {rows.source.code: rows.new for rows in plan.arrivals.rows}
    counts: dict[str, tuple[int, int]] = {}
    for source in SOURCES:
        owner, new = source.foreign_source, arriving.get(source.code, 0)
        waiting = sum(count for key, count in known.orphans.get(source.code, {}).items() if (owner, key) not in keys)
        if new:
            waiting += sum(
                (owner, key) not in keys for key in staged.column(plan.arrivals.content, source.code, "owner_key")
            )
        counts[source.code] = (known.standing.get(source.code, 0) + new, waiting)
    changed = len(changes.of_customers(plan.incoming)) if not database.database.is_closed() else 0
    customers = known.customers + len(plan.links.customers)
    return _report(plan, None, changed, customers, _of_sources(counts), seconds)


def _report(
    plan: Plan, run_id: int | None, changed: int, customers: int, standing: tuple[Standing, ...], seconds: float
) -> Report:
    arrived, owned = plan.incoming, plan.arrivals.rows
    return Report(
        run=run_id,
        dry_run=run_id is None,
        files=tuple(
            FileReport(
                file.path.name,
                file.source.code,
                file.rows,
                tuple(file.bad),
                tuple((notice.text, notice.count) for notice in file.notices),
            )
            for file in plan.files
        ),
        ignored=_ignored(plan.ignored),
        new=len(arrived.new) + sum(one.new for one in owned),
        changed=len(arrived.changed)
        + len(arrived.returned)
        + sum(len(one.changed) + len(one.returned) for one in owned),
        unchanged=arrived.unchanged + sum(one.unchanged for one in owned),
        absent=len(arrived.absent) + sum(len(one.absent) for one in owned),
        customers=customers,
        customers_new=len(plan.links.customers),
        customers_changed=changed,
        standing=standing,
        reviews=tuple(
            Review(_side(pair.left), _side(pair.right), pair.score, pair.reason) for pair in plan.links.reviews
        ),
        seconds=round(seconds, 2),
    )


def _side(key: Key) -> str:
    """Return a side of a pair as reports name it: `con:CNTID_1`, or `crm:C-00012` for a customer entered by hand."""
    source, name = key
    return f"{source}:{show_customer(int(name)) if source == TYPED else name}"


def _dates(parsed: Parsed) -> str:
    """Return the form of a file's dates, in words for people."""
    places = parsed.source.locate(parsed.table)
    for field in (parsed.source.kind.day, "birth_date", "created_on"):
        if field in places:
            for cell in parsed.table.frame[places[field]].head(200):
                if _ISO.match(cell.strip()):
                    return "YYYY-MM-DD"
                if _SLASHED.match(cell.strip()):
                    return "M/D/YYYY"
    return ""


def _ignored(ignored: Sequence[Ignored]) -> tuple[tuple[str, str], ...]:
    return tuple((one.path.name, one.reason) for one in ignored)


def _silent(done: int, total: int, text: str) -> None:
    """Tell nobody."""
