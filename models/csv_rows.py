"""Rows of a small CSV file by the names of its columns, as they come from a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from models.errors import RefusedFile

Row = dict[str, str]
"""Cells by column, in lower case; blank where the row has none."""


def read_rows(text: str, name: str, columns: Sequence[str], what: str) -> Iterator[tuple[int, Row]]:
    """Yield each row with its line from 1; `what` names the file's kind.

    Raises:
        RefusedFile: the file lacks one of `columns`, or can't be read on from some line.
    """
    reader = csv.DictReader(io.StringIO(text))
    try:
        names = [str(found).strip().casefold() for found in reader.fieldnames or ()]
        missing = [column for column in columns if column not in names]
        if missing:
            raise RefusedFile(f"{name} is no {what}: it has no column {', '.join(missing)}")
        reader.fieldnames = names
        for row in reader:
            yield reader.line_num, {key: str(row.get(key) or "").strip() for key in names}
    except csv.Error as error:
        raise RefusedFile(f"{name}, line {reader.line_num}: {error}") from error
