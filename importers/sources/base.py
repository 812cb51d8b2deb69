"""What a source is and how its rows are parsed; each source declares its columns, this does the work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from importers.bad_cells import BadCell
from importers.kinds import PEOPLE, Kind
from importers.reading import Table
from importers.sources import values
from importers.standardise import Objects
from models.errors import RefusedFile

_SEPARATORS = re.compile(r"[\s_\-]+")


def column_key(header: str) -> str:
    """Return a header's name as names are compared: without case, spaces, hyphens and underscores."""
    return _SEPARATORS.sub("", header.strip().casefold())


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """One column of a source.

    `name` is the header's usual name, `field` the name of the parsed value. A row whose cell of a `required`
    column is blank or unreadable is left out; elsewhere such a field stays blank.
    """

    name: str
    field: str
    read: Callable[[Objects], values.Column] = values.text
    aliases: tuple[str, ...] = ()
    required: bool = False

    def names(self) -> tuple[str, ...]:
        """Return all names of the column in compared form."""
        return tuple(column_key(name) for name in (self.name, *self.aliases))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something odd in a file that was dealt with: `text` says what, `count` how often."""

    text: str
    count: int


@dataclass(frozen=True)
class Parsed:
    """The rows of a table that could be read.

    `key`, `foreign`, `fields` share one index: the row's position in `table.frame`, which has the row as it
    came; `lines` is aligned with them. `foreign` is "" where the row names no record of the other source. In
    `fields` text and ISO dates are "" when blank; integers (`Int64`) and yes/no (`boolean`) are `pd.NA`. Columns
    the file lacks are there, blank. `unused` names the header's columns that no field takes.
    """

    source: Source
    table: Table
    key: pd.Series[str]
    foreign: pd.Series[str]
    fields: pd.DataFrame
    lines: npt.NDArray[np.int64]
    bad: list[BadCell]
    notices: list[Notice]
    unused: list[str]

    @property
    def path(self) -> Path:
        """Return the file."""
        return self.table.path

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Yield plain Python values of these fields row by row, None for unknown numbers and yes/no."""
        return zip(*(plain_values(self.fields[name]) for name in names), strict=True)

    def raw_rows(self) -> Iterator[tuple[str, ...]]:
        """Yield the rows as they came, in the header's order."""
        frame = self.table.frame
        chosen = frame if len(frame) == len(self.key) else frame.loc[self.key.index]
        return zip(*(chosen[name].to_numpy(dtype=object) for name in chosen.columns), strict=True)


def plain_values(column: pd.Series[Any]) -> list[Any]:
    """Return a column as Python str, int, bool and None, as a database wants them."""
    if pd.api.types.is_extension_array_dtype(column.dtype) and column.isna().any():
        return list(column.astype(object).where(column.notna(), None))
    return list(column.tolist())


@dataclass(frozen=True)
class Source:
    """One of the sources: `code` and `title` name it, the first column is its own key.

    `word` is one of its rows in a timeline, `plural` what several are in sums, and in reports unless they have a
    `report_name`. `foreign_field` names the field that holds a key of the source with code `foreign_source`.
    """

    code: str
    title: str
    kind: Kind
    word: str
    plural: str
    columns: tuple[SourceColumn, ...]
    report_name: str = ""
    foreign_field: str = ""
    foreign_source: str = ""
    checks: tuple[Callable[[pd.DataFrame], list[Notice]], ...] = ()

    def __reduce__(self) -> tuple[Callable[[str], Source], tuple[str]]:
        """Let another process that gets this source find its own."""
        from importers.sources import get_source

        return get_source, (self.code,)

    @property
    def is_people(self) -> bool:
        """Return whether its rows are people."""
        return self.kind is PEOPLE

    @property
    def key(self) -> SourceColumn:
        """Return the column of the source's own key."""
        return self.columns[0]

    def matches(self, table: Table) -> dict[str, list[str]]:
        """Map each field found in a table's header to the header's columns that mean it.

        What the user says of a column counts more than what other columns are called.
        """
        places: dict[str, list[str]] = {}
        said = {column_key(meaning) for meaning in table.meanings.values()}
        for cell in table.header:
            name = column_key(table.meanings.get(cell, cell))
            if cell in table.meanings or name not in said:
                places.setdefault(name, []).append(cell)
        found = {}
        for column in self.columns:
            if cells := [cell for name in column.names() for cell in places.get(name, [])]:
                found[column.field] = cells
        return found

    def locate(self, table: Table) -> dict[str, str]:
        """Map each field found in a table's header to the frame's column.

        Raises:
            RefusedFile: two columns mean the same field, or the key's column is missing.
        """
        found = self.matches(table)
        for cells in found.values():
            if len(cells) > 1:
                both = " and ".join(cells)
                raise RefusedFile(f"{table.path.name}: the columns {both} mean the same; remove one")
        if self.key.field not in found:
            raise RefusedFile(
                f"{table.path.name} lacks the column {self.key.name}, the key of {self.title}: add it and import again"
            )
        return {field: cells[0] for field, cells in found.items()}

    def parse(self, table: Table) -> Parsed:
        """Turn a table of this source into typed values.

        Raises:
            RefusedFile: the key's column is missing, or two columns mean the same field.
        """
        places = self.locate(table)
        size = len(table.frame)
        fields: dict[str, Any] = {}
        bad = list(table.bad)
        keep = np.ones(size, dtype=np.bool_)
        for column in self.columns:
            if column.field not in places:
                fields[column.field] = _blank(column, size)
                continue
            cells = table.frame[places[column.field]].to_numpy(dtype=object)
            parsed = column.read(cells)
            fields[column.field] = parsed.values
            reasons = dict(parsed.reasons)
            if column.required:
                reasons.update(dict.fromkeys(np.flatnonzero(values.trimmed(cells) == "").tolist(), "blank"))
            for row, reason in reasons.items():
                where = int(table.lines[row])
                bad.append(BadCell(where, places[column.field], str(cells[row]), reason, column.required))
                keep[row] &= not column.required
        frame = pd.DataFrame(fields, index=table.frame.index)
        repeats, dropped, notices = _repeats(self.key, places[self.key.field], frame, table, keep)
        bad.extend(repeats)
        keep &= ~dropped
        frame = frame[keep] if not keep.all() else frame
        for check in self.checks:
            notices.extend(check(frame))
        foreign = frame[self.foreign_field] if self.foreign_field else pd.Series("", index=frame.index, dtype=object)
        used = set(places.values())
        return Parsed(
            source=self,
            table=table,
            key=frame[self.key.field],
            foreign=foreign,
            fields=frame,
            lines=table.lines[keep],
            bad=sorted(bad, key=lambda cell: (cell.line, cell.column)),
            notices=notices,
            unused=[cell for cell in table.header if cell not in used],
        )


def _blank(column: SourceColumn, size: int) -> Any:
    """Return a column of blanks of the type the column's reader gives; an absent yes/no is unknown, not no."""
    kind = column.read(np.empty(0, dtype=object)).values
    if isinstance(kind, pd.api.extensions.ExtensionArray):
        return kind.take(np.full(size, -1), allow_fill=True)
    return np.full(size, "", dtype=object)


def _repeats(
    column: SourceColumn, header: str, frame: pd.DataFrame, table: Table, keep: npt.NDArray[np.bool_]
) -> tuple[list[BadCell], npt.NDArray[np.bool_], list[Notice]]:
    """Find keys that occur twice: rows that say the same count once, rows that contradict are left out."""
    dropped = np.zeros(len(frame), dtype=np.bool_)
    keys = frame[column.field]
    repeated = keys.duplicated(keep=False).to_numpy() & keep
    if not repeated.any():
        return [], dropped, []
    bad: list[BadCell] = []
    same = 0
    positions = np.flatnonzero(repeated)
    for key, group in pd.Series(positions).groupby(keys.to_numpy()[positions], sort=False):
        rows = group.to_numpy()
        if len(rows) == 1:
            continue
        if not frame.iloc[rows].duplicated(keep="first").to_numpy()[1:].all():
            named = ", ".join(str(line) for line in table.lines[rows])
            reason = f"lines {named} have this key and contradict each other"
            bad.extend(BadCell(int(table.lines[row]), header, str(key), reason, True) for row in rows)
            dropped[rows] = True
        else:
            dropped[rows[1:]] = True
            same += len(rows) - 1
    return bad, dropped, [Notice("rows that repeat an earlier row, counted once", same)] if same else []
