"""Which of the sources a file is, and which files a path stands for; asked before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from importers.column_map import ColumnName, name_columns
from importers.reading import Table, read_header, read_table
from importers.sources import SOURCES, Parsed, Source, get_source
from importers.standardise import Objects
from models.errors import RefusedFile

# One matching column can be chance (every export has some FirstName); with the key and one more it is not.
_FEWEST_COLUMNS = 2
_ENDINGS = (".csv", ".tsv", ".txt")
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file of a folder that was left alone, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Found:
    """A file of a source, known by its header; `rows` is about how many it has, `meanings` are as in `Table`."""

    source: Source
    path: Path
    rows: int
    meanings: Mapping[str, str] = field(default_factory=dict)

    def parse(self) -> Parsed:
        """Read the file.

        Raises:
            RefusedFile: it can't be used.
        """
        return self.source.parse(replace(read_table(self.path), meanings=self.meanings))


@dataclass(frozen=True)
class Opened:
    """The files an import will read, in the order of the sources, and those it leaves alone."""

    found: list[Found]
    ignored: list[Ignored]


class UnknownSource(RefusedFile):
    """The columns fit none of the sources."""


def recognise(table: Table, source: str | None = None) -> Source:
    """Return the source a table is, by the names of its columns in any order, or `source` if its key is there.

    The source with the most matching columns wins; between equals the one whose own key is there.

    Raises:
        UnknownSource: the columns fit no source.
        RefusedFile: the source's own key column is missing.
    """
    name = table.path.name
    fits = [(len(known.matches(table)), _has_key(known, table), known) for known in SOURCES]
    if source is not None:
        best = get_source(source)
    else:
        columns, has_key, best = max(fits, key=lambda fit: fit[:2])
        if columns < _FEWEST_COLUMNS or not (has_key or columns > _FEWEST_COLUMNS):
            seen = ", ".join(table.header[:_NAMED]) + (", …" if len(table.header) > _NAMED else "")
            titles = ", ".join(known.title for known in SOURCES)
            raise UnknownSource(f"{name} is none of {titles}: its columns are {seen}")
    best.locate(table)
    return best


def _has_key(source: Source, table: Table) -> bool:
    return source.key.field in source.matches(table)


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that paths stand for: a file itself, a folder's *.csv, *.tsv and *.txt by name, once each.

    Raises:
        RefusedFile: a path doesn't exist or can't be looked at, or a folder has no such file.
    """
    found: dict[Path, None] = {}
    for path in paths:
        try:
            found.update(dict.fromkeys(_files_of(path)))
        except OSError as error:
            raise RefusedFile(f"{path} can't be looked at: {error.strerror}") from error
    return list(found)


def _files_of(path: Path) -> list[Path]:
    if path.is_dir():
        inside = sorted(file for file in path.iterdir() if file.suffix.lower() in _ENDINGS and file.is_file())
        if not inside:
            raise RefusedFile(f"{path} has no *.csv, *.tsv or *.txt file to import")
        return inside
    if path.is_file():
        return [path]
    raise RefusedFile(f"{path} is not there: name a file or a folder to import")


def open_files(paths: Sequence[Path], source: str | None = None, columns: Sequence[ColumnName] = ()) -> Opened:
    """Recognise the files that paths stand for by their headers.

    A folder may hold other things: its files that fit no source are ignored, and so is a *.txt that is no CSV.
    A file named by itself is refused then. `source` is a source's code that all files are taken for,
    `columns` are names that the user gives to columns.

    Raises:
        RefusedFile: a file can't be used, or none is left.
        UsageError: a name is of no file or column that is there.
    """
    named = {path for path in paths if not path.is_dir()}
    headers: list[Table] = []
    rows: dict[Path, int] = {}
    found: list[Found] = []
    ignored: list[Ignored] = []
    for path in find_files(paths):
        is_text = path.suffix.lower() == ".txt"
        try:
            header, rows[path] = read_header(path)
            headers.append(header)
        except RefusedFile as error:
            if path in named or not is_text:
                raise
            ignored.append(Ignored(path, str(error)))
    for table in name_columns(headers, columns):
        try:
            found.append(Found(recognise(table, source), table.path, rows[table.path], table.meanings))
        except UnknownSource as error:
            if table.path in named:
                raise
            ignored.append(Ignored(table.path, str(error)))
    if not found:
        raise RefusedFile(ignored[0].reason)
    order = [known.code for known in SOURCES]
    found.sort(key=lambda one: order.index(one.source.code))
    return Opened(found, ignored)


def refuse_contradictions(parsed: Sequence[Parsed]) -> None:
    """Refuse two files of one source that say different things of one key.

    Files that repeat a row, or where one lacks a column or leaves it blank, don't contradict.

    Raises:
        RefusedFile: names both files and lines, the key and the column.
    """
    for at, left in enumerate(parsed):
        for right in parsed[at + 1 :]:
            if left.source.code == right.source.code:
                _compare(left, right)


def _compare(left: Parsed, right: Parsed) -> None:
    places = pd.Index(right.key).get_indexer(pd.Index(left.key))
    in_left = np.flatnonzero(places >= 0)
    in_right = places[in_left]
    for name in left.fields.columns:
        mine = _comparable(left.fields[name], in_left)
        others = _comparable(right.fields[name], in_right)
        clash = np.flatnonzero((mine != others) & (mine != "") & (others != ""))
        if clash.size:
            at = int(clash[0])
            raise RefusedFile(
                f"{left.path.name} line {left.lines[in_left[at]]} and {right.path.name} line "
                f"{right.lines[in_right[at]]} contradict: {left.source.key.name} {left.key.iloc[in_left[at]]} has "
                f"{name} {mine[at]} and {others[at]}; remove one"
            )


def _comparable(column: pd.Series[Any], rows: npt.NDArray[np.intp]) -> Objects:
    chosen = column.iloc[rows]
    return chosen.astype(object).where(chosen.notna(), "").to_numpy(dtype=object)
