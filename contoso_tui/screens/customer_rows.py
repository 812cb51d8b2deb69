"""The rows of a list of customers: all ids, and the rows read so far; what a drawing misses is asked for."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence

from contoso_tui.screens.customer_list_words import row_line
from contoso_tui.widgets.list_view import Line, line
from models.customers.records import CustomerRow
from models.ids import ID_ARRAY, show_customer

AHEAD = 60
"""Rows read on both sides of those in view, so that moving on finds them."""
KEPT = 2000
"""Rows kept in memory; those far from the cursor are read again when one comes back."""


class CustomerRows:
    """Serves a `LineList` as its window; `asked` is called while drawing when rows are missing."""

    def __init__(self, asked: Callable[[], None]) -> None:
        self.ids: array[int] = array(ID_ARRAY)
        self.width = 80
        self._asked = asked
        self._rows: dict[int, CustomerRow] = {}
        self._missing: set[int] = set()

    def take_ids(self, ids: array[int]) -> None:
        """Show other customers; rows that are known stay."""
        self.ids = ids
        self._missing.clear()

    def take_rows(self, rows: Iterable[CustomerRow]) -> None:
        """Remember rows that were read."""
        for row in rows:
            self._rows[row.id] = row

    def forget(self) -> None:
        """Forget all rows, as they may have changed."""
        self._rows.clear()

    def get(self, customer_id: object) -> CustomerRow | None:
        """Return a row that was read."""
        return self._rows.get(customer_id) if isinstance(customer_id, int) else None

    def place(self, customer_id: object) -> int | None:
        """Return where a customer stands in the list."""
        try:
            return self.ids.index(customer_id)  # type: ignore[arg-type]
        except (ValueError, TypeError):
            return None

    def window(self, start: int, n: int) -> Sequence[Line]:
        """Return lines; a row that isn't there yet shows its id."""
        lines = []
        for place in range(start, min(start + n, len(self.ids))):
            customer_id = self.ids[place]
            row = self._rows.get(customer_id)
            if row is None:
                if not self._missing:
                    self._asked()
                self._missing.add(place)
                lines.append(line(f"{show_customer(customer_id)} …", customer_id, "dim"))
            else:
                lines.append(row_line(row, self.width))
        return lines

    def wanted(self) -> list[int]:
        """Return the ids to read now: those that were missed, and some around them."""
        missing, self._missing = self._missing, set()
        if not missing:
            return []
        low, high = max(0, min(missing) - AHEAD), min(len(self.ids), max(missing) + AHEAD + 1)
        if high - low > KEPT:
            low, high = max(0, max(missing) - AHEAD), min(len(self.ids), max(missing) + AHEAD + 1)
        near = self.ids[low:high]
        if len(self._rows) > KEPT:
            around = set(near)
            self._rows = {one: row for one, row in self._rows.items() if one in around}
        return [one for one in near if one not in self._rows]
