"""What an import is going to write, worked out before the database is locked; nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from importers import arrivals, existing, incoming, linking, matching, new_people, sheets
from importers.arrivals import Arrivals
from importers.existing import Known
from importers.helper import Helper
from importers.incoming import Incoming, Progress
from importers.linking import Links
from importers.recognise import Found, Ignored, Opened
from importers.sheets import IncomingFile
from models import database


@dataclass
class Plan:
    """What is to be written; `stamp` is of the database from before anything was read.

    `new_people` are the new rows of people and their customers, packed, once they are worked out.
    """

    incoming: Incoming
    arrivals: Arrivals
    links: Links
    new_people: Future[bytes]
    known: Known
    stamp: tuple[Any, ...]
    ignored: list[Ignored]

    @property
    def files(self) -> list[IncomingFile]:
        """Return the files in their order."""
        return [file for _, file in sorted({**self.incoming.files, **self.arrivals.files}.items())]

    @property
    def written(self) -> int:
        """Return how many rows of files are to be written."""
        people = len(self.incoming.new) + len(self.incoming.changed)
        return people + sum(one.new + len(one.changed) for one in self.arrivals.rows)

    def record_ids(self) -> dict[str, int]:
        """Return the ids of all records of people by their names; of the new ones once they are written."""
        known = {incoming.ident(*key): record.id for key, record in self.known.records.items()}
        return known | {row.ident: row.record_id or 0 for row in self.incoming.new}


def make(opened: Opened, tell: Progress, propose: matching.Propose, other: Helper) -> Plan:
    """Read the files, compare them with the database if one is open, and match the people.

    Raises:
        RefusedFile: a file can't be used.
    """
    has_database = not database.database.is_closed()
    stamp = existing.stamp() if has_database else ()
    path = Path(database.database.database) if has_database else None
    total = sum(found.rows for found in opened.found)
    mine, theirs, owned = _shared_out(opened)
    done = 0

    def reading(files: Mapping[int, Found]) -> None:
        nonlocal done
        for found in files.values():
            tell(done, total, f"Reading {found.path.name}")
            done += found.rows

    others, arrived = other.ask(sheets.read, theirs), other.ask(arrivals.read, owned, path)
    reading(mine)
    people = sheets.read(mine)
    reading(theirs)
    people |= others.result()
    tell(done, total, "Comparing")
    known = existing.read() if has_database else Known()
    compared = incoming.compare(people, known)
    tell(done, total, "Matching people")
    linked = linking.Linking(compared, known, propose, other)
    people_made = other.ask(new_people.pack, new_people.columns(compared.new, len(linked.links.customers)))
    links = linked.explain()
    reading(owned)
    return Plan(compared, arrived.result(), links, people_made, known, stamp, opened.ignored)


def _shared_out(opened: Opened) -> tuple[dict[int, Found], dict[int, Found], dict[int, Found]]:
    """Return the files of the source that has most to say of people, those of other people, and all others."""
    sizes: dict[str, int] = defaultdict(int)
    for found in opened.found:
        if found.source.is_people:
            sizes[found.source.code] += found.path.stat().st_size
    largest = max(sizes, key=sizes.__getitem__, default="")
    mine: dict[int, Found] = {}
    theirs: dict[int, Found] = {}
    owned: dict[int, Found] = {}
    for number, found in enumerate(opened.found):
        place = mine if found.source.code == largest else theirs if found.source.is_people else owned
        place[number] = found
    return mine, theirs, owned
