"""Rows that belong to customers by a key, beside what the database holds: new, changed, as before, or missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from importers import existing
from importers.incoming import Headers, differ
from importers.sheets import cells_of, keys_in_file
from importers.sources import Parsed, Source, plain_values


@dataclass
class OwnedRows:
    """The rows of one source to write that belong to customers by a key.

    The new rows are staged, file after file: `parts` says of each file, by its number, how many. Columns of `changed`:
    id, key, owner_key, those of the source's kind, file, line, cells.
    """

    source: Source
    parts: Mapping[int, int]
    changed: pd.DataFrame
    returned: list[int]
    absent: list[int]
    unchanged: int

    @property
    def new(self) -> int:
        """Return how many rows are new."""
        return sum(self.parts.values())


def compare(mine: Mapping[int, Parsed], headers: Headers, *, has_database: bool) -> tuple[OwnedRows, pd.DataFrame]:
    """Compare all files of one source, by their numbers; return what is to be written, and the new rows.

    `headers` are those of files that were imported before. The new rows have the columns of `changed` but for id.
    """
    source = next(iter(mine.values())).source
    frame = pd.concat([_frame(number, parsed) for number, parsed in mine.items()], ignore_index=True)
    if len(mine) > 1:
        frame = frame.drop_duplicates("key", ignore_index=True)
    before = existing.read_owned(source.kind, source.code) if has_database else None
    if before is None or before.empty:
        # A slice would hold on to all rows.
        none = frame.iloc[:0].copy().assign(id=0)
        return OwnedRows(source, _parts(frame), none, [], [], 0), frame
    places = before.index.get_indexer(pd.Index(frame["key"]))
    is_new = places < 0
    old = before.iloc[np.where(is_new, 0, places)]
    suspects = np.flatnonzero(~is_new & (old["cells"].to_numpy(dtype=object) != frame["cells"].to_numpy(dtype=object)))
    changed = np.zeros(len(frame), dtype=np.bool_)
    columns = (old["cells"], old["file_id"], frame["cells"], frame["file"])
    for at, *values in zip(suspects, *(column.iloc[suspects].tolist() for column in columns), strict=True):
        cells, file_id, new_cells, number = values
        changed[at] = differ(cells, int(file_id), new_cells, mine[number].table.header, headers)
    same = ~is_new & ~changed
    is_back = same & (old["absent"].to_numpy() == 1)
    seen = set().union(*map(keys_in_file, mine.values()))
    gone = ~before.index.isin(list(seen)) & (before["absent"].to_numpy() == 0)
    rows = OwnedRows(
        source=source,
        parts=_parts(frame[is_new]),
        changed=frame[changed].assign(id=old["id"].to_numpy()[changed]),
        returned=old["id"].to_numpy()[is_back].tolist(),
        absent=before["id"].to_numpy()[gone].tolist(),
        unchanged=int((same & ~is_back).sum()),
    )
    return rows, frame[is_new]


def _parts(new: pd.DataFrame) -> dict[int, int]:
    numbers, counts = np.unique(new["file"].to_numpy(dtype=np.int64), return_counts=True)
    return dict(zip(numbers.tolist(), counts.tolist(), strict=True))


def _frame(number: int, parsed: Parsed) -> pd.DataFrame:
    made: dict[str, Any] = {"key": parsed.key.to_numpy(dtype=object)}
    made["owner_key"] = parsed.foreign.to_numpy(dtype=object)
    for name, missing in parsed.source.kind.columns.items():
        if name in parsed.fields:
            made[name] = np.array(plain_values(parsed.fields[name]), dtype=object)
        else:
            made[name] = np.full(len(parsed.key), missing, dtype=object)
    made["file"] = np.full(len(parsed.key), number)
    made["line"] = parsed.lines
    made["cells"] = cells_of(parsed)
    return pd.DataFrame(made)
