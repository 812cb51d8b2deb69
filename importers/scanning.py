"""Where the records of a CSV start and how many fields each has; for reading.py only.

pandas reads the cells but tells neither physical lines nor which row was too short, so the bytes are scanned once
with numpy. Quotes that don't stand at the edges of a field (5'10") make the parity of quotes meaningless; such
files, and only those, go through the csv module instead.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.errors import RefusedFile

_QUOTE, _NEWLINE, _RETURN = 34, 10, 13
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Records:
    """The records of a text whose lines end in a bare newline.

    `content` has CRLF outside quotes turned to LF; `starts` and `ends` are byte offsets in it (the end excludes
    the newline), `lines` the physical 1-based lines, `fields` the number of fields. Blank lines are no records.
    """

    content: bytes
    starts: Integers
    ends: Integers
    lines: Integers
    fields: Integers

    def take(self, rows: slice | npt.NDArray[np.bool_]) -> Records:
        """Return some of the records, of the same text."""
        return Records(self.content, self.starts[rows], self.ends[rows], self.lines[rows], self.fields[rows])


def scan(content: bytes, delimiter: str, name: str, first_line: int = 1) -> Records:
    """Find the records of UTF-8 text; `first_line` is the physical line the text starts at.

    Raises:
        RefusedFile: a quote is still open at the end.
    """
    if b"\n" not in content and b"\r" in content:
        content = content.replace(b"\r", b"\n")
    buffer = np.frombuffer(content, dtype=np.uint8)
    if b'"' not in content:
        # Of as many marks as there are bytes that say nothing, one is kept.
        quoted = np.broadcast_to(np.False_, buffer.shape)
    else:
        quoted = np.bitwise_xor.accumulate((buffer == _QUOTE).view(np.uint8)).view(np.bool_)
        if not _is_regular(buffer, quoted, ord(delimiter)):
            return _scan_slowly(content, delimiter, name, first_line)
    if quoted.size and quoted[-1]:
        last = int(np.flatnonzero(buffer == _QUOTE)[-1])
        _refuse_open_quote(name, first_line + content.count(b"\n", 0, last))
    if b"\r\n" in content:
        drop = np.zeros(buffer.size, dtype=np.bool_)
        drop[:-1] = (buffer[:-1] == _RETURN) & (buffer[1:] == _NEWLINE) & ~quoted[:-1]
        if buffer[-1] == _RETURN and not quoted[-1]:
            drop[-1] = True
        buffer, quoted = buffer[~drop], quoted[~drop]
        content = buffer.tobytes()
    newlines = np.flatnonzero(buffer == _NEWLINE)
    breaks = newlines[~quoted[newlines]]
    starts = np.concatenate([[0], breaks + 1]).astype(np.int64)
    ends = np.concatenate([breaks, [buffer.size]]).astype(np.int64)
    lines = np.searchsorted(newlines, starts) + first_line
    marks = np.flatnonzero(buffer == ord(delimiter))
    marks = marks[~quoted[marks]]
    fields = np.searchsorted(marks, ends) - np.searchsorted(marks, starts) + 1
    filled = ends > starts
    return Records(content, starts[filled], ends[filled], lines[filled], fields[filled])


def _is_regular(buffer: npt.NDArray[np.uint8], quoted: npt.NDArray[np.bool_], delimiter: int) -> bool:
    """Tell whether every quote opens at the start of a field and closes at its end."""
    marks = np.flatnonzero(buffer == _QUOTE)
    opening = marks[quoted[marks]]
    closing = marks[~quoted[marks]]
    before = buffer[np.maximum(opening - 1, 0)]
    opens = (opening == 0) | np.isin(before, (delimiter, _NEWLINE, _QUOTE))
    at_end = closing == buffer.size - 1
    after = buffer[np.minimum(closing + 1, buffer.size - 1)]
    closes = at_end | np.isin(after, (delimiter, _NEWLINE, _RETURN, _QUOTE))
    return bool(opens.all() and closes.all())


def _scan_slowly(content: bytes, delimiter: str, name: str, first_line: int) -> Records:
    """Scan with the csv module: stray quotes inside a field are ordinary characters."""
    lines = content.split(b"\n")
    offsets = np.concatenate([[0], np.cumsum([len(line) + 1 for line in lines])])
    reader = csv.reader(_as_text(lines), delimiter=delimiter, strict=False)
    starts, ends, numbers, fields = [], [], [], []
    before = 0
    try:
        for row in reader:
            if row:
                starts.append(int(offsets[before]))
                ends.append(int(offsets[reader.line_num]) - 1)
                numbers.append(before + first_line)
                fields.append(len(row))
            before = reader.line_num
    except csv.Error:
        # The csv module gives up on a field of 131,072 characters: nothing but an open quote makes one.
        _refuse_open_quote(name, before + first_line)
    if numbers and _ends_open(content[starts[-1] :], delimiter):
        _refuse_open_quote(name, numbers[-1])
    # Carriage returns go last: each record keeps its text, less the CR that ended it.
    pieces = [content[start:end].removesuffix(b"\r") for start, end in zip(starts, ends, strict=True)]
    sizes = np.array([len(piece) + 1 for piece in pieces], dtype=np.int64)
    stops = np.cumsum(sizes) - 1
    return Records(
        b"\n".join(pieces),
        stops - sizes + 1,
        stops,
        np.array(numbers, dtype=np.int64),
        np.array(fields, dtype=np.int64),
    )


def _as_text(lines: list[bytes]) -> Iterator[str]:
    """Yield lines as the csv module wants them: a lone CR inside a field would stop it."""
    for line in lines:
        yield line.decode("utf-8").replace("\r", " ") + "\n"


def _ends_open(record: bytes, delimiter: str) -> bool:
    """Tell whether the last record ends inside a quoted field."""
    try:
        list(
            csv.reader([record.decode("utf-8").replace("\n", " ").replace("\r", " ")], delimiter=delimiter, strict=True)
        )
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _refuse_open_quote(name: str, line: int) -> None:
    raise RefusedFile(f'{name} is cut off: the quote (") opened in line {line} is never closed; export it again')
