"""What files of rows that belong to customers by a key bring: read and compared apart from the people's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from importers import existing, owned_rows, staged
from importers.owned_rows import OwnedRows
from importers.recognise import Found, refuse_contradictions
from importers.sheets import IncomingFile, describe
from importers.sources import Parsed, plain_values
from models import database


@dataclass(frozen=True)
class Arrivals:
    """The files by their number, what is to be written, and the new rows: packed, one table a source, by its code."""

    files: Mapping[int, IncomingFile]
    rows: Sequence[OwnedRows]
    content: bytes


def read(found: Mapping[int, Found], path: Path | None) -> Arrivals:
    """Read files, by their number in the import, and compare them with the database at `path`, None for none.

    Raises:
        RefusedFile: a file can't be used.
    """
    if path is None:
        return _read(found, has_database=False)
    if database.database.is_closed():
        # In a process of its own.
        database.init(path)
    with database.connection():
        return _read(found, has_database=True)


def _read(found: Mapping[int, Found], *, has_database: bool) -> Arrivals:
    by_source: dict[str, dict[int, Found]] = defaultdict(dict)
    for number, one in found.items():
        by_source[one.source.code][number] = one
    headers = existing.read_headers() if has_database else {}
    files: dict[int, IncomingFile] = {}
    rows: list[OwnedRows] = []
    with staged.Pack() as pack:
        # One source after the other: each is read into memory that the one before has left.
        for code, mine in by_source.items():
            parsed = _parse(mine)
            files |= {number: describe(one) for number, one in parsed.items()}
            arrived, new = owned_rows.compare(parsed, headers, has_database=has_database)
            del parsed
            rows.append(arrived)
            pack.put(code, list(new.columns), zip(*(plain_values(new[name]) for name in new.columns), strict=True))
            del new
        return Arrivals(files, rows, pack.content())


def _parse(found: Mapping[int, Found]) -> dict[int, Parsed]:
    parsed = {number: one.parse() for number, one in found.items()}
    refuse_contradictions(list(parsed.values()))
    return parsed
