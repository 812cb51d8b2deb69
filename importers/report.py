"""What an import did, or would do: for screens, for the command line's JSON, and kept with the run."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from typing import Any

from importers.bad_cells import BadCell
from models import clock
from models.customers.entered import TYPED
from models.customers.sources import TABLES
from models.database import execute
from models.errors import NotFoundError
from models.ids import show_customer

SCHEMA = "contoso.import/1"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file; `notices` are (text, count) of oddities that were dealt with."""

    path: str
    source: str
    rows: int
    bad: tuple[BadCell, ...] = ()
    notices: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database holds of one source whose rows belong to customers by a key; `waiting` have no customer yet.

    `name` is what the rows are called, `kind` purchases or events.
    """

    name: str
    kind: str
    rows: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Review:
    """Two records that may be one customer; `score` is in bits.

    A side is `SOURCE:KEY`; `crm:C-00012` is a customer who was entered by hand.
    """

    left: str
    right: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one import; `run` is None for a dry run.

    Records count rows of all sources; `changed` ones have other cells, or are back after they were missing.
    `customers` and `standing` are what the database holds afterwards; `absent` counts rows that were there and that a
    newer file lacks.
    """

    run: int | None
    dry_run: bool
    files: tuple[FileReport, ...]
    ignored: tuple[tuple[str, str], ...]
    new: int
    changed: int
    unchanged: int
    absent: int
    customers: int
    customers_new: int
    customers_changed: int
    standing: tuple[Standing, ...]
    reviews: tuple[Review, ...]
    seconds: float
    learn_again: str = ""
    """Why matching should learn again, where it should."""

    @property
    def orphans(self) -> int:
        """Return how many rows wait for a customer."""
        return sum(source.waiting for source in self.standing)

    def held(self, name: str) -> int:
        """Return how many rows of the source of this name there are."""
        return sum(source.rows for source in self.standing if source.name == name)

    @property
    def review(self) -> int:
        """Return how many pairs wait for a person."""
        return len(self.reviews)

    @property
    def rows(self) -> int:
        """Return how many rows were read."""
        return self.new + self.changed + self.unchanged

    @property
    def bad(self) -> int:
        """Return how many cells or rows couldn't be read."""
        return sum(len(file.bad) for file in self.files)

    @property
    def has_changes(self) -> bool:
        """Return whether anything in the database differs afterwards."""
        return bool(self.new or self.changed or self.absent or self.customers_new or self.customers_changed)

    def to_json(self) -> dict[str, Any]:
        """Return the `data` of the JSON form `contoso.import/1`."""
        return {
            "run": self.run,
            "dry_run": self.dry_run,
            "files": [
                {
                    "path": file.path,
                    "source": file.source,
                    "rows": file.rows,
                    "bad": [
                        {"line": cell.line, "column": cell.column, "value": cell.value, "reason": cell.reason}
                        for cell in file.bad
                    ],
                }
                for file in self.files
            ],
            "records": {"new": self.new, "changed": self.changed, "unchanged": self.unchanged, "absent": self.absent},
            "customers": {"total": self.customers, "new": self.customers_new, "changed": self.customers_changed},
            **{kind: self._held_of(kind) for kind in TABLES},
            "review": self.review,
            "seconds": round(self.seconds, 1),
            **({"learn_again": self.learn_again} if self.learn_again else {}),
        }

    def _held_of(self, kind: str) -> dict[str, int]:
        mine = [source for source in self.standing if source.kind == kind]
        return {source.name: source.rows for source in mine} | {"orphans": sum(source.waiting for source in mine)}


@dataclass(frozen=True, slots=True)
class Run:
    """An import as the list of imports shows it; `state` is open, closed or reverted."""

    id: int
    state: str
    actor: str
    started_at: dt.datetime
    report: Report


_COUNTS = (
    "new",
    "changed",
    "unchanged",
    "absent",
    "customers",
    "customers_new",
    "customers_changed",
)


def save(report: Report) -> None:
    """Keep the report with its run; bad cells and pairs for review have tables of their own."""
    kept: dict[str, Any] = {name: getattr(report, name) for name in _COUNTS}
    kept["seconds"] = report.seconds
    kept["learn_again"] = report.learn_again
    kept["standing"] = [astuple(source) for source in report.standing]
    kept["ignored"] = report.ignored
    kept["notices"] = [file.notices for file in report.files]
    execute("UPDATE import_run SET report = ? WHERE id = ?", (json.dumps(kept, ensure_ascii=False), report.run))


def list_runs() -> list[Run]:
    """Return all imports, newest first, without their bad cells and pairs for review."""
    rows = execute("SELECT id, state, actor, started_at, report FROM import_run ORDER BY id DESC").fetchall()
    return [_run(row) for row in rows]


def get_run(run_id: int) -> Run:
    """Return one import with every bad cell and every pair for review.

    Raises:
        NotFoundError: there is none with that number.
    """
    row = execute("SELECT id, state, actor, started_at, report FROM import_run WHERE id = ?", (run_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"There is no import {run_id}; contoso import list shows them")
    run = _run(row)
    bad: dict[int, list[BadCell]] = {}
    for file_id, *cell, skipped in execute(
        "SELECT file_id, line, column_name, value, reason, row_skipped FROM import_bad_row WHERE run_id = ?"
        " ORDER BY id",
        (run_id,),
    ):
        bad.setdefault(file_id, []).append(BadCell(cell[0], cell[1], cell[2], cell[3], bool(skipped)))
    ids = [row[0] for row in execute("SELECT id FROM import_file WHERE run_id = ? ORDER BY id", (run_id,))]
    files = tuple(
        replace(file, bad=tuple(bad.get(file_id, ()))) for file_id, file in zip(ids, run.report.files, strict=True)
    )
    return replace(run, report=replace(run.report, files=files, reviews=_reviews(run_id)))


@dataclass(frozen=True, slots=True)
class Left:
    """What an import leaves to look at: cells or rows that couldn't be read, open pairs; and rows it linked."""

    bad: int = 0
    review: int = 0
    linked: int = 0


def count_left() -> dict[int, Left]:
    """Return by import what `list_runs` leaves out, counted; imports with nothing of it are left out."""
    counts: dict[int, dict[str, int]] = {}
    for name, query in (
        ("bad", "SELECT run_id, count(*) FROM import_bad_row GROUP BY run_id"),
        ("review", "SELECT run_id, count(*) FROM review_pair WHERE state = 'open' GROUP BY run_id"),
        (
            "linked",
            "SELECT link_run_id, count(*) FROM source_record WHERE link_run_id IS NOT NULL AND link_rule <> 'first'"
            " GROUP BY link_run_id",
        ),
    ):
        for run_id, count in execute(query).fetchall():
            counts.setdefault(run_id, {})[name] = count
    return {run_id: Left(**found) for run_id, found in counts.items()}


def _run(row: tuple[Any, ...]) -> Run:
    run_id, state, actor, started_at, text = row
    kept: Mapping[str, Any] = json.loads(text)
    files = execute("SELECT name, source, rows FROM import_file WHERE run_id = ? ORDER BY id", (run_id,)).fetchall()
    notices = kept.get("notices", [()] * len(files))
    report = Report(
        run=run_id,
        dry_run=False,
        files=tuple(
            FileReport(name, source, rows, (), tuple((str(text), int(count)) for text, count in told))
            for (name, source, rows), told in zip(files, notices, strict=True)
        ),
        ignored=tuple((str(name), str(reason)) for name, reason in kept.get("ignored", ())),
        standing=tuple(Standing(*one) for one in kept.get("standing", ())),
        reviews=(),
        seconds=float(kept.get("seconds", 0)),
        learn_again=str(kept.get("learn_again", "")),
        **{name: int(kept.get(name, 0)) for name in _COUNTS},
    )
    return Run(run_id, state, actor, clock.from_micros(started_at), report)


def _reviews(run_id: int) -> tuple[Review, ...]:
    rows = execute(
        "SELECT l.source || ':' || l.key, r.source || ':' || r.key, p.score, p.reason, p.typed_id FROM review_pair p"
        " LEFT JOIN source_record l ON l.id = p.left_record_id JOIN source_record r ON r.id = p.right_record_id"
        " WHERE p.run_id = ? ORDER BY p.score DESC, p.id",
        (run_id,),
    )
    return tuple(
        Review(left, right, *rest) if left else Review(right, f"{TYPED}:{show_customer(typed)}", *rest)
        for left, right, *rest, typed in rows.fetchall()
    )
