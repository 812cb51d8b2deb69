"""Columns of a file by names of the user's choice: what `contoso import --map` says, checked against the files."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from importers.reading import Table
from importers.sources import SOURCES
from importers.sources.base import column_key
from models.errors import UsageError

_HOW = 'write FILE.csv:Their Column=email, or name a TOML file with ["FILE.csv"] and "Their Column" = "email"'


@dataclass(frozen=True, slots=True)
class ColumnName:
    """In the file `file` the column `theirs` means what is usually called `ours`; with "" it is left out."""

    file: str
    theirs: str
    ours: str


def read_map(words: Sequence[str]) -> tuple[ColumnName, ...]:
    """Read what stands behind `--map`, each a TOML file or `FILE.csv:Their Column=email`.

    Raises:
        UsageError: it can't be read, or names a column that no source has; the nearest name is told.
    """
    return tuple(name for word in words for name in (_read_file(Path(word)) if _is_file(word) else [_read_word(word)]))


def name_columns(tables: Sequence[Table], names: Sequence[ColumnName]) -> list[Table]:
    """Return the tables with the meanings that the user gave to their columns.

    Raises:
        UsageError: a name is of no such file or column; the nearest one is told.
    """
    files = {table.path.name.casefold(): table for table in tables}
    meanings: dict[str, dict[str, str]] = {}
    for name in names:
        table = files.get(name.file.casefold())
        if table is None:
            raise UsageError(f"No file {name.file!r} is imported here{_near(name.file, (t.path.name for t in tables))}")
        if name.theirs not in table.header:
            raise UsageError(f"{table.path.name} has no column {name.theirs!r}{_near(name.theirs, table.header)}")
        meanings.setdefault(name.file.casefold(), {})[name.theirs] = name.ours
    return [replace(table, meanings=meanings.get(table.path.name.casefold(), {})) for table in tables]


def _is_file(word: str) -> bool:
    return Path(word).suffix.lower() == ".toml" or Path(word).expanduser().is_file()


def _read_file(path: Path) -> list[ColumnName]:
    try:
        with path.expanduser().open("rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        raise UsageError(f"--map {path} can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"--map {path} is no TOML ({error}): {_HOW}") from error
    found = []
    for file_name, columns in content.items():
        if not isinstance(columns, dict):
            raise UsageError(f"--map {path}: {file_name!r} stands outside a file's section; {_HOW}")
        for theirs, ours in columns.items():
            if not isinstance(ours, str):
                raise UsageError(f"--map {path}: {theirs!r} of {file_name} is no name in quotes; {_HOW}")
            found.append(ColumnName(file_name, theirs, _known(ours)))
    return found


def _read_word(word: str) -> ColumnName:
    left, equals, ours = word.rpartition("=")
    file_name, colon, theirs = left.partition(":")
    if not (equals and colon and file_name and theirs):
        raise UsageError(f"--map {word}: {_HOW}")
    return ColumnName(file_name.strip(), theirs.strip(), _known(ours))


def _known(ours: str) -> str:
    """Return the usual name of one of our columns, however it is written; "" leaves a column out."""
    wanted = column_key(ours)
    if not wanted:
        return ""
    # Another name of a column may be what the same is called in another source.
    spoken = {column_key(column.name): column.name for source in SOURCES for column in source.columns}
    for source in SOURCES:
        for column in source.columns:
            spoken = dict.fromkeys(column.names(), column.name) | spoken
            # Each source has a key: by that word none could be told from the others.
            if column is not source.key:
                spoken.setdefault(column_key(column.field), column.name)
    if wanted not in spoken:
        raise UsageError(f"No source has a column {ours.strip()!r}{_near(ours, spoken.values())}")
    return spoken[wanted]


def _near(wanted: str, names: Iterable[str]) -> str:
    """Return how a message goes on: with the name that was meant, else with all there are."""
    by_key = {column_key(name): name for name in names}
    found = difflib.get_close_matches(column_key(wanted), by_key, n=1)
    return f"; did you mean {by_key[found[0]]}?" if found else f"; there are {', '.join(by_key.values())}"
