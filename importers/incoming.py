"""The rows of the files beside what the database holds: new, changed, as before, or missing; nothing here writes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from importers import json_rows
from importers.bad_cells import BadCell
from importers.existing import Known, read_owned
from importers.sources import Notice, Parsed, Source, plain_values
from importers.sources.base import column_key

Progress = Callable[[int, int, str], None]
"""Called with rows done, rows in all and what is going on; what it raises ends the import."""


@dataclass(frozen=True)
class IncomingFile:
    """One file of an import."""

    path: Path
    source: Source
    header: list[str]
    encoding: str
    delimiter: str
    sha256: str
    rows: int
    bad: list[BadCell]
    notices: list[Notice]


@dataclass(slots=True)
class PersonRow:
    """A row of people to write; `record_id` is set for one that is there already.

    `customer` is the id of an existing customer, or -1 - n for the n-th new one; linking sets it with the rest.
    """

    source: str
    key: str
    declared_key: str
    file: int
    line: int
    cells: str
    fields: dict[str, Any]
    record_id: int | None = None
    customer: int = 0
    rule: str = ""
    evidence: str = ""
    score: float | None = None


@dataclass
class OwnedRows:
    """The rows of one source to write that belong to customers by a key; in the order of the files.

    Columns of `new` and `changed`: key, owner_key, those of the source's kind, file, line, cells; of `changed` also id.
    """

    source: Source
    new: pd.DataFrame
    changed: pd.DataFrame
    returned: list[int]
    absent: list[int]
    unchanged: int


@dataclass
class Incoming:
    """All files of an import, compared with the database."""

    files: list[IncomingFile]
    new: list[PersonRow] = field(default_factory=list)
    changed: list[PersonRow] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)
    unchanged: int = 0
    owned: list[OwnedRows] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return how many rows are to be written."""
        return len(self.new) + len(self.changed) + sum(len(rows.new) + len(rows.changed) for rows in self.owned)


def describe(parsed: Parsed) -> IncomingFile:
    """Return what is kept of a file."""
    table = parsed.table
    whole = sum(1 for cell in table.bad if cell.row_skipped and not cell.column)
    return IncomingFile(
        path=parsed.path,
        source=parsed.source,
        header=table.header,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sha256=hashlib.sha256(parsed.path.read_bytes()).hexdigest(),
        rows=len(table.frame) + whole,
        bad=parsed.bad,
        notices=parsed.notices,
    )


def compare(parsed: Sequence[Parsed], known: Known, *, has_database: bool) -> Incoming:
    """Tell new and changed rows from those that are there as they are.

    "Changed" compares the cells, by name where two exports differ in their columns. Rows of several files of one
    source that repeat a key count once, the fuller row.
    """
    made = Incoming([describe(one) for one in parsed])
    sources = list(dict.fromkeys(one.source.code for one in parsed))
    for code in sources:
        mine = [(number, one) for number, one in enumerate(parsed) if one.source.code == code]
        if mine[0][1].source.is_people:
            _compare_people(mine, known, made)
        else:
            made.owned.append(_compare_owned(mine, known, has_database=has_database))
    return made


def _cells(parsed: Parsed) -> list[str]:
    """Return each row as a JSON array."""
    return list(json_rows.encode_texts(list(parsed.raw_rows())))


def _keys_in_file(parsed: Parsed) -> set[str]:
    """Every key in the file, also of rows that were left out: those are bad, not absent."""
    column = parsed.source.locate(parsed.table)[parsed.source.key.field]
    return {str(key).strip() for key in parsed.table.frame[column].unique()}


def _compare_people(mine: list[tuple[int, Parsed]], known: Known, made: Incoming) -> None:
    source = mine[0][1].source
    rows: dict[str, PersonRow] = {}
    seen: set[str] = set()
    for number, parsed in mine:
        seen |= _keys_in_file(parsed)
        for row in _people(number, parsed):
            other = rows.get(row.key)
            if other is None or len(row.fields) > len(other.fields):
                rows[row.key] = row
    for row in rows.values():
        before = known.records.get((source.code, row.key))
        if before is None:
            made.new.append(row)
            continue
        header = made.files[row.file].header
        if _differs(before.cells, before.file_id, row.cells, header, known):
            row.record_id = before.id
            row.customer = before.customer_id or 0
            made.changed.append(row)
        elif before.absent:
            made.returned.append(before.id)
        else:
            made.unchanged += 1
    for (code, key), before in known.records.items():
        if code == source.code and key not in seen and not before.absent:
            made.absent.append(before.id)


def _people(number: int, parsed: Parsed) -> Iterator[PersonRow]:
    names = [name for name in parsed.fields.columns if name not in ("key", parsed.source.foreign_field)]
    columns = [plain_values(parsed.fields[name]) for name in names]
    keys, foreign = parsed.key.tolist(), parsed.foreign.tolist()
    lines, cells = parsed.lines.tolist(), _cells(parsed)
    code = parsed.source.code
    for at, values in enumerate(zip(*columns, strict=True)):
        fields = {name: value for name, value in zip(names, values, strict=True) if value is not None and value != ""}
        yield PersonRow(code, keys[at], foreign[at], number, lines[at], cells[at], fields)


def _differs(before: str, file_id: int | None, after: str, header: list[str], known: Known) -> bool:
    if before == after:
        return False
    old_header = known.headers.get(file_id or 0, header)
    if old_header == header:
        return True
    return _by_name(before, old_header) != _by_name(after, header)


def _by_name(cells: str, header: list[str]) -> dict[str, str]:
    """Return the cells that aren't blank by their column's name: order and added blank columns don't count."""
    return {column_key(name): cell for name, cell in zip(header, json.loads(cells), strict=True) if cell}


def _compare_owned(mine: list[tuple[int, Parsed]], known: Known, *, has_database: bool) -> OwnedRows:
    source = mine[0][1].source
    frame = pd.concat([_owned(number, parsed) for number, parsed in mine], ignore_index=True)
    if len(mine) > 1:
        frame = frame.drop_duplicates("key", ignore_index=True)
    if not has_database or not known.standing.get(source.code):
        return OwnedRows(source, frame, frame.iloc[:0].assign(id=0), [], [], 0)
    before = read_owned(source.kind, source.code)
    places = before.index.get_indexer(pd.Index(frame["key"]))
    is_new = places < 0
    old = before.iloc[np.where(is_new, 0, places)]
    suspects = np.flatnonzero(~is_new & (old["cells"].to_numpy(dtype=object) != frame["cells"].to_numpy(dtype=object)))
    changed = np.zeros(len(frame), dtype=np.bool_)
    headers = {number: parsed.table.header for number, parsed in mine}
    columns = (old["cells"], old["file_id"], frame["cells"], frame["file"])
    for at, *values in zip(suspects, *(column.iloc[suspects].tolist() for column in columns), strict=True):
        cells, file_id, new_cells, number = values
        changed[at] = _differs(cells, int(file_id), new_cells, headers[number], known)
    same = ~is_new & ~changed
    is_back = same & (old["absent"].to_numpy() == 1)
    seen = set().union(*(_keys_in_file(parsed) for _, parsed in mine))
    gone = ~before.index.isin(list(seen)) & (before["absent"].to_numpy() == 0)
    return OwnedRows(
        source=source,
        new=frame[is_new],
        changed=frame[changed].assign(id=old["id"].to_numpy()[changed]),
        returned=old["id"].to_numpy()[is_back].tolist(),
        absent=before["id"].to_numpy()[gone].tolist(),
        unchanged=int((same & ~is_back).sum()),
    )


def _owned(number: int, parsed: Parsed) -> pd.DataFrame:
    made: dict[str, Any] = {"key": parsed.key.to_numpy(dtype=object)}
    made["owner_key"] = parsed.foreign.to_numpy(dtype=object)
    for name, missing in parsed.source.kind.columns.items():
        if name in parsed.fields:
            made[name] = np.array(plain_values(parsed.fields[name]), dtype=object)
        else:
            made[name] = np.full(len(parsed.key), missing, dtype=object)
    made["file"] = np.full(len(parsed.key), number)
    made["line"] = parsed.lines
    made["cells"] = _cells(parsed)
    return pd.DataFrame(made)
