"""One CSV file as a table of text cells with the physical line of each row; the sources parse it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from importers.bad_cells import BadCell
from importers.decoding import UTF_16, find_delimiter, to_utf8
from importers.scanning import Records, scan
from models.errors import RefusedFile

_SHOWN = 60
# Of a file whose header is wanted so much is read.
_BEGINNING = 1 << 20


@dataclass(frozen=True)
class Table:
    """The rows of one file as they came.

    `frame` holds text only, "" for blank, spaces kept; its columns are the header's names, repeated ones with
    " (2)" and so on behind. `meanings` has the header's names that the user said otherwise. `lines` is the physical
    1-based line each row starts at. `encoding` is one of utf-8, utf-8-sig, utf-16, cp1252. `bad` lists rows with a
    wrong number of fields; they are not in `frame`.
    """

    path: Path
    header: list[str]
    frame: pd.DataFrame
    lines: npt.NDArray[np.int64]
    encoding: str
    delimiter: str
    bad: list[BadCell]
    meanings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Content:
    """A file, or its beginning, as UTF-8 from its header on, which stands in the physical line `first_line`.

    `share` is how much of the file it is, above 0 up to 1.
    """

    text: bytes
    share: float
    encoding: str
    delimiter: str
    first_line: int


def read_table(path: Path) -> Table:
    """Read a CSV of any usual encoding and delimiter.

    Raises:
        RefusedFile: the file is missing, empty, binary, not a CSV, or ends in the middle of a row.
    """
    return _table(path, _content(path))


def read_header(path: Path) -> tuple[Table, int]:
    """Return a CSV without its rows, and about how many there are.

    Raises:
        RefusedFile: the file is missing, empty, binary, or not a CSV.
    """
    content = _content(path, _BEGINNING)
    first = replace(content, text=content.text[: _first_end(content.text)])
    return _table(path, first, is_whole=False), round(content.text.count(b"\n") / content.share)


def _content(path: Path, most: int = -1) -> _Content:
    """Return a file, or what the first `most` bytes hold of it in whole lines, if they hold any."""
    try:
        with path.open("rb") as file:
            content = file.read(most)
            if len(content) == most and not content.startswith(UTF_16) and b"\n" in content:
                content = content[: content.rindex(b"\n") + 1]
                share = len(content) / path.stat().st_size
            else:
                content += file.read()
                share = 1.0
    except OSError as error:
        raise RefusedFile(f"{path} can't be read: {error.strerror}") from error
    content, encoding = to_utf8(content, path.name)
    delimiter, start = find_delimiter(content, path.name)
    return _Content(content[start:], share, encoding, delimiter, content.count(b"\n", 0, start) + 1)


def _first_end(text: bytes) -> int:
    """Return where the first record ends at the latest: at a line's end behind which all quotes are closed."""
    is_open, at = False, 0
    while (end := text.find(b"\n", at)) >= 0:
        is_open ^= text.count(b'"', at, end) % 2 == 1
        if not is_open:
            return end
        at = end + 1
    return len(text)


def _table(path: Path, content: _Content, *, is_whole: bool = True) -> Table:
    name, delimiter = path.name, content.delimiter
    records = scan(content.text, delimiter, name, content.first_line)
    wanted = int(records.fields[0])
    records = _without_blank(records)
    if is_whole:
        _refuse_cut_off(records, wanted, name)
    else:
        records = records.take(slice(1))
    good = records.fields == wanted
    bad = [_bad_row(records, int(at), wanted) for at in np.flatnonzero(~good)]
    cells = _cells(records, good, delimiter, wanted, name)
    header = [str(cell) for cell in cells.iloc[0]]
    frame = cells.iloc[1:].reset_index(drop=True)
    frame.columns = pd.Index(_distinct(header))
    return Table(path, header, frame, records.lines[good][1:], content.encoding, delimiter, bad)


def _without_blank(records: Records) -> Records:
    """Drop lines that hold nothing but spaces (or the Ctrl-Z with which old programs end a file)."""
    keep = np.ones(len(records.fields), dtype=np.bool_)
    for at in np.flatnonzero(records.fields == 1):
        keep[at] = bool(records.content[records.starts[at] : records.ends[at]].strip(b" \t\r\x1a"))
    if keep.all():
        return records
    return records.take(keep)


def _refuse_cut_off(records: Records, wanted: int, name: str) -> None:
    """Refuse a last row with too few fields: the export or the copy stopped there."""
    if len(records.fields) > 1 and records.fields[-1] < wanted:
        raise RefusedFile(
            f"{name} is cut off: its last row (line {records.lines[-1]}) has "
            f"{_count(int(records.fields[-1]))} instead of {wanted}; export it again"
        )


def _bad_row(records: Records, at: int, wanted: int) -> BadCell:
    text = records.content[records.starts[at] : records.ends[at]].decode("utf-8")
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    reason = f"{_count(int(records.fields[at]))} instead of {wanted}"
    return BadCell(int(records.lines[at]), "", shown, reason, row_skipped=True)


def _count(fields: int) -> str:
    return f"{fields} field" if fields == 1 else f"{fields} fields"


def _cells(records: Records, good: npt.NDArray[np.bool_], delimiter: str, wanted: int, name: str) -> pd.DataFrame:
    """Let pandas cut the good records into cells."""
    content = records.content
    touching = records.starts[1:] == records.ends[:-1] + 1
    if not (good.all() and touching.all() and records.starts[0] == 0 and records.ends[-1] + 1 >= len(content)):
        spans = zip(records.starts[good], records.ends[good], strict=True)
        content = b"\n".join(content[start:end] for start, end in spans)
    try:
        frame = pd.read_csv(
            io.BytesIO(content),
            sep=delimiter,
            header=None,
            names=list(range(wanted)),
            index_col=False,
            dtype=object,
            na_filter=False,
            keep_default_na=False,
            skip_blank_lines=False,  # true would also eat the spaces a row begins with
            lineterminator="\n",
            encoding="utf-8",
            engine="c",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise RefusedFile(f"{name} can't be read as a CSV: {error}") from error
    if len(frame) != int(good.sum()):
        raise RefusedFile(f"{name} can't be read as a CSV: its quotes don't pair up; export it again")
    return frame


def _distinct(header: list[str]) -> list[str]:
    """Number repeated names, as a frame needs distinct ones."""
    seen: dict[str, int] = {}
    names = []
    for cell in header:
        seen[cell] = seen.get(cell, 0) + 1
        names.append(cell if seen[cell] == 1 else f"{cell} ({seen[cell]})")
    return names
