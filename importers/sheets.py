"""Files as they are read for an import: what is kept of each, and the rows of those that hold people."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from importers import handover
from importers.bad_cells import BadCell
from importers.recognise import Found, refuse_contradictions
from importers.sources import Notice, Parsed, Source, plain_values
from models.customers import survivorship

MATCHED = ("given", "surname", "full_name", "birth_date", "email", "phone", "street", "city", "postcode")
"""The fields by which people are matched; all are text."""


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


@dataclass(frozen=True)
class Sheet:
    """The rows of one file of people, as columns: nothing more is to be copied from one process to another.

    `declared` are the keys of another source that rows name, "" for none; `lines` are physical and 1-based, `cells`
    JSON arrays of what came, `texts` JSON objects of the fields that aren't blank, `matched` the fields that are
    matched, "" for blank; `corporate` tells the rows of companies. `seen` is every key of the file, also of rows that
    were left out: those are bad, not absent.
    """

    file: IncomingFile
    keys: list[str]
    declared: list[str]
    lines: list[int]
    cells: list[str]
    texts: list[str]
    corporate: list[bool]
    matched: dict[str, list[str]]
    seen: set[str]

    def __reduce__(self) -> tuple[Callable[..., Sheet], tuple[Any, ...]]:
        """Let another process get long texts instead of many short ones."""
        cells, texts = handover.joined(self.cells), handover.joined(self.texts)
        matched = orjson.dumps(self.matched)
        return _copied, (
            self.file, self.keys, self.declared, self.lines, cells, texts, self.corporate, matched, self.seen,
        )  # fmt: skip


def _copied(
    file: IncomingFile,
    keys: list[str],
    declared: list[str],
    lines: list[int],
    cells: bytes,
    texts: bytes,
    corporate: list[bool],
    matched: bytes,
    seen: set[str],
) -> Sheet:
    return Sheet(
        file, keys, declared, lines, list(map(bytes.decode, handover.parted(cells))),
        list(map(bytes.decode, handover.parted(texts))), corporate, orjson.loads(matched), seen,
    )  # fmt: skip


def read(found: Mapping[int, Found]) -> dict[int, Sheet]:
    """Read files of people, by their number in the import; all of one source together.

    Raises:
        RefusedFile: a file can't be used, or two contradict each other.
    """
    parsed = {number: one.parse() for number, one in found.items()}
    refuse_contradictions(list(parsed.values()))
    return {number: _sheet(one) for number, one in parsed.items()}


def describe(parsed: Parsed) -> IncomingFile:
    """Return what is kept of a file."""
    table = parsed.table
    with parsed.path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    whole = sum(1 for cell in table.bad if cell.row_skipped and not cell.column)
    return IncomingFile(
        path=parsed.path,
        source=parsed.source,
        header=table.header,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sha256=digest,
        rows=len(table.frame) + whole,
        bad=parsed.bad,
        notices=parsed.notices,
    )


def cells_of(parsed: Parsed) -> list[str]:
    """Return each row as a JSON array."""
    return [orjson.dumps(row).decode() for row in parsed.raw_rows()]


def keys_in_file(parsed: Parsed) -> set[str]:
    """Return every key in the file, also of rows that were left out."""
    column = parsed.source.locate(parsed.table)[parsed.source.key.field]
    return {str(key).strip() for key in parsed.table.frame[column].unique()}


def _sheet(parsed: Parsed) -> Sheet:
    names = [name for name in parsed.fields.columns if name not in ("key", parsed.source.foreign_field)]
    columns = [plain_values(parsed.fields[name]) for name in names]
    texts: list[str] = []
    corporate: list[bool] = []
    for values in zip(*columns, strict=True):
        # Kept as text: as many objects as there are values would take most of the import's memory.
        fields = {name: value for name, value in zip(names, values, strict=True) if value is not None and value != ""}
        texts.append(orjson.dumps(fields).decode())
        corporate.append(survivorship.is_corporate(fields))
    by_name = dict(zip(names, columns, strict=True))
    return Sheet(
        describe(parsed),
        parsed.key.tolist(),
        parsed.foreign.tolist(),
        parsed.lines.tolist(),
        cells_of(parsed),
        texts,
        corporate,
        {name: by_name[name] if name in by_name else [""] * len(texts) for name in MATCHED},
        keys_in_file(parsed),
    )
