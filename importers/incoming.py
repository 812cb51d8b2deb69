"""The rows of the files beside what the database holds: new, changed, as before, or missing; nothing here writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from importers.existing import Known
from importers.sheets import IncomingFile, Sheet
from importers.sources.base import column_key

Headers = Mapping[int, list[str]]
"""The header of each file that was imported, by its id."""
Progress = Callable[[int, int, str], None]
"""Called with rows done, rows in all and what is going on; what it raises ends the import."""


@dataclass(slots=True)
class PersonRow:
    """A row of people to write; `record_id` is set for one that is there already, else when it is written.

    `ident` names it among all records, `at` is its place in the sheet of its file, `text` are its fields as JSON.
    `customer` is the id of an existing customer, or -1 - n for the n-th new one; linking
    sets it with the rest.
    """

    ident: str
    source: str
    key: str
    declared_key: str
    file: int
    at: int
    line: int
    cells: str
    text: str
    is_corporate: bool
    record_id: int | None = None
    customer: int = 0
    rule: str = ""
    evidence: str = ""
    score: float | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The fields that aren't blank, made anew each time."""
        found: dict[str, Any] = orjson.loads(self.text)
        return found


@dataclass
class Incoming:
    """All files of an import by their numbers, and their rows of people, compared with the database.

    `matched` are the fields of all rows of a file that are matched, by its number.
    """

    files: dict[int, IncomingFile] = field(default_factory=dict)
    matched: dict[int, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    new: list[PersonRow] = field(default_factory=list)
    changed: list[PersonRow] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)
    unchanged: int = 0


def ident(source: str, key: str) -> str:
    """Return the name of a record among all."""
    return f"{source}:{key}"


def compare(sheets: Mapping[int, Sheet], known: Known) -> Incoming:
    """Tell new and changed rows of people from those that are there as they are.

    "Changed" compares the cells, by name where two exports differ in their columns. Rows of several files of one
    source that repeat a key count once, the fuller row.
    """
    made = Incoming(
        {number: sheet.file for number, sheet in sheets.items()},
        {number: sheet.matched for number, sheet in sheets.items()},
    )
    for code in dict.fromkeys(sheet.file.source.code for sheet in sheets.values()):
        mine = {number: sheet for number, sheet in sheets.items() if sheet.file.source.code == code}
        _compare_people(code, mine, known, made)
    return made


def _compare_people(source: str, mine: Mapping[int, Sheet], known: Known, made: Incoming) -> None:
    rows: dict[str, PersonRow] = {}
    seen: set[str] = set()
    for number, sheet in mine.items():
        seen |= sheet.seen
        for row in _rows(source, number, sheet):
            other = rows.get(row.key)
            if other is None or len(row.fields) > len(other.fields):
                rows[row.key] = row
    for row in rows.values():
        before = known.records.get((source, row.key))
        if before is None:
            made.new.append(row)
            continue
        header = made.files[row.file].header
        if differ(before.cells, before.file_id, row.cells, header, known.headers):
            row.record_id = before.id
            row.customer = before.customer_id or 0
            made.changed.append(row)
        elif before.absent:
            made.returned.append(before.id)
        else:
            made.unchanged += 1
    for (code, key), before in known.records.items():
        if code == source and key not in seen and not before.absent:
            made.absent.append(before.id)


def _rows(source: str, number: int, sheet: Sheet) -> Iterator[PersonRow]:
    columns = (sheet.keys, sheet.declared, sheet.lines, sheet.cells, sheet.texts, sheet.corporate)
    for at, (key, declared, line, cells, text, is_corporate) in enumerate(zip(*columns, strict=True)):
        yield PersonRow(ident(source, key), source, key, declared, number, at, line, cells, text, is_corporate)


def differ(before: str, file_id: int | None, after: str, header: list[str], headers: Headers) -> bool:
    """Return whether the cells of a row say something else than those of a file that was imported before."""
    if before == after:
        return False
    old_header = headers.get(file_id or 0, header)
    if old_header == header:
        return True
    return _by_name(before, old_header) != _by_name(after, header)


def _by_name(cells: str, header: list[str]) -> dict[str, str]:
    """Return the cells that aren't blank by their column's name: order and added blank columns don't count."""
    return {column_key(name): cell for name, cell in zip(header, json.loads(cells), strict=True) if cell}
