"""Writing a planned import, inside one action: files, records, customers, keys, what hangs on keys, members, people.

Rows that belong to customers by a key are written by `owned`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from importers import changes, follow_ups, new_people, owned, review_pairs
from importers.changes import CustomerChange
from importers.existing import Known
from importers.grouping import FOREIGN
from importers.incoming import Incoming, PersonRow, Progress, ident
from importers.linking import Links
from importers.planning import Plan
from importers.sheets import IncomingFile
from importers.sources import Source, get_source
from importers.staged import Attach
from importers.writing import PEOPLE, STAGED, Writer, next_id
from models import database, spelling
from models.customers import search, survivorship
from models.customers.decisions import Key
from models.customers.owners import Allotment
from models.database import execute

_OF_PEOPLE = ("source_record", "customer", "customer_key", "membership", "person")
_CUSTOMERS, _WORDS = (f"{PEOPLE}.{table}" for table in (new_people.CUSTOMERS, new_people.WORDS))


class Loader:
    """Writes one import; use it once, inside its action."""

    def __init__(self, run_id: int, now_micros: int, total: int, progress: Progress) -> None:
        self._run, self._now = run_id, now_micros
        self._writer = Writer(run_id, total, progress)
        self.attached: list[Key] = []
        """Keys of online customers whose purchases were there and got their customer now."""

    def load(self, plan: Plan, attach: Attach) -> list[CustomerChange]:
        """Write everything and return the customers that were there and changed."""
        incoming, known = plan.incoming, plan.known
        # Rows name customers who are written last: meanwhile another process may still choose their values.
        execute("PRAGMA defer_foreign_keys = ON")
        files = {**incoming.files, **plan.arrivals.files}
        self._declare({file.source.code: file.source for file in files.values()})
        self._writer.files = {number: self._file(file) for number, file in sorted(files.items())}
        changed = changes.of_customers(incoming)
        self._update_customers(changed)
        first = execute("SELECT coalesce(max(id), 0) + 1 FROM customer").fetchone()[0]
        for row in incoming.new:
            if row.customer < 0:
                row.customer = first - 1 - row.customer
        # Of tables that hold many rows already, a few new ones aren't worth new indexes.
        is_first = not known.records and not known.customers
        with database.filled_by_import(*_OF_PEOPLE) if is_first else nullcontext():
            self._write(plan, first, attach)
        return changed

    def _write(self, plan: Plan, first: int, attach: Attach) -> None:
        incoming, links, known = plan.incoming, plan.links, plan.known
        self._new_records(incoming)
        self._changed_records(incoming)
        self._drop_keys(incoming, known)
        self._keys(incoming)
        fresh = _fresh_keys(incoming, known) if known.standing else []
        followed = get_source(follow_ups.SOURCE)
        waiting = known.orphans.get(followed.code, {})
        self.attached = [key for key in fresh if key[0] == followed.foreign_source and key[1] in waiting]
        attach(STAGED, plan.arrivals.content)
        for rows in plan.arrivals.rows:
            owned.write(self._writer, rows)
        owned.attach(self._writer, fresh, known)
        attach(PEOPLE, plan.new_people.result())
        allotment = Allotment()
        self._customers(len(links.customers), known, first, allotment)
        self._memberships(incoming)
        self._people(links, incoming)
        self._own(incoming, allotment)
        review_pairs.keep(self._run, links.reviews)

    def _declare(self, sources: Mapping[str, Source]) -> None:
        """Let the database know the sources as they are now: what shows customers asks it."""
        for source in sources.values():
            now = (source.title, source.kind.name, source.word, source.plural, source.foreign_source)
            execute(
                "INSERT INTO import_source (code, title, kind, word, plural, owner_source) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (code) DO UPDATE SET (title, kind, word, plural, owner_source) ="
                " (excluded.title, excluded.kind, excluded.word, excluded.plural, excluded.owner_source)",
                (source.code, *now),
            )

    def _file(self, file: IncomingFile) -> int:
        cursor = execute(
            "INSERT INTO import_file (run_id, name, source, encoding, delimiter, header, sha256, rows)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self._run, file.path.name, file.source.code, file.encoding, file.delimiter,
             json.dumps(file.header, ensure_ascii=False), file.sha256, file.rows),
        )  # fmt: skip
        file_id = int(cursor.lastrowid or 0)
        self._writer.many(
            "INSERT INTO import_bad_row (run_id, file_id, line, column_name, value, reason, row_skipped)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (self._run, file_id, cell.line, cell.column, cell.value, cell.reason, int(cell.row_skipped))
                for cell in file.bad
            ],
        )
        return file_id

    def _customers(self, number: int, known: Known, first: int, allotment: Allotment) -> None:
        """Write so many new customers, whose values are attached, under the ids from `first` on."""
        names = ", ".join(survivorship.COLUMNS)
        chosen = execute(f"SELECT rowid, kind, state, is_online OR kind = 'corporate' FROM {_CUSTOMERS} ORDER BY rowid")
        owners = (
            (place, allotment.next_owner(kind, state) if is_owned else None)
            for place, kind, state, is_owned in chosen.fetchall()
        )
        with self._writer.holding("arriving", "place INTEGER PRIMARY KEY, owner_id", owners):
            execute(
                f"INSERT INTO customer ({names}, id, owner_id, origin, run_id, created_at, updated_at)"
                f" SELECT {names}, ? + c.rowid - 1, owner_id, 'import', ?, ?, ? FROM {_CUSTOMERS} c"
                " JOIN arriving ON place = c.rowid ORDER BY c.rowid",
                (first, self._run, self._now, self._now),
            )
        search.learn_words(execute(f"SELECT word, sound FROM {_WORDS}"))
        if number > known.customers:
            search.merge_words()

    def _update_customers(self, changed: list[CustomerChange]) -> None:
        self._writer.remember(
            "customer", ((change.id, {n: list(pair) for n, pair in change.columns.items()}) for change in changed)
        )
        for change in changed:
            names = ", ".join(f"{name} = ?" for name in change.columns)
            values = [after for _, after in change.columns.values()]
            execute(f"UPDATE customer SET {names}, updated_at = ? WHERE id = ?", (*values, self._now, change.id))

    def _new_records(self, incoming: Incoming) -> None:
        """Write the new rows with their links."""
        for number, row in enumerate(incoming.new, next_id("source_record")):
            row.record_id = number
        self._writer.many(
            "INSERT INTO source_record (id, source, key, declared_key, file_id, line, cells, fields, run_id,"
            " customer_id, link_rule, link_evidence, link_score, link_run_id)"
            f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, {self._run}, ?, ?, ?, ?, {self._run})",
            (
                (row.record_id, row.source, row.key, row.declared_key, self._writer.files[row.file], row.line,
                 row.cells, row.text, row.customer, row.rule, row.evidence, row.score)
                for row in incoming.new
            ),
            "Writing people",
        )  # fmt: skip

    def _changed_records(self, incoming: Incoming) -> None:
        columns = ("declared_key", "file_id", "line", "cells", "fields", "changed_run_id", "absent_run_id")
        self._writer.before("source_record", columns, [row.record_id or 0 for row in incoming.changed])
        self._writer.many(
            "UPDATE source_record SET declared_key = ?, file_id = ?, line = ?, cells = ?, fields = ?,"
            " changed_run_id = ?, absent_run_id = NULL WHERE id = ?",
            (
                (
                    row.declared_key,
                    self._writer.files[row.file],
                    row.line,
                    row.cells,
                    row.text,
                    self._run,
                    row.record_id,
                )
                for row in incoming.changed
            ),
            "Writing people",
        )
        self._writer.presence("source_record", incoming.absent, incoming.returned)

    def _keys(self, incoming: Incoming) -> None:
        """Write the keys that customers' records carry.

        A record's own key goes before one that another record names.
        """
        rows = (*incoming.new, *incoming.changed)
        # In the order of the keys they are written in half the time.
        execute(
            "INSERT INTO customer_key (source, key, customer_id) SELECT source, key, customer_id FROM source_record"
            " WHERE run_id = ? OR id IN (SELECT value FROM json_each(?)) ORDER BY source, key"
            " ON CONFLICT (source, key) DO UPDATE SET customer_id = excluded.customer_id"
            " WHERE customer_id <> excluded.customer_id",
            (self._run, json.dumps([row.record_id for row in incoming.changed])),
        )
        own = {row.ident for row in rows}
        # Of several that name one key the oldest record counts.
        self._writer.many(
            "INSERT OR IGNORE INTO customer_key (source, key, customer_id) VALUES (?1, ?2, ?4)",
            sorted(
                (owner, row.declared_key, row.record_id or 0, row.customer)
                for row in rows
                if row.declared_key and (owner := FOREIGN.get(row.source)) and ident(owner, row.declared_key) not in own
            ),
        )

    def _drop_keys(self, incoming: Incoming, known: Known) -> None:
        """Take away keys that changed rows named and that no record names any more; what hangs on them waits again."""
        for row in incoming.changed:
            owner, named = FOREIGN.get(row.source, ""), known.records[row.source, row.key].declared_key
            if named in ("", row.declared_key) or (owner, named) in known.records:
                continue
            still = execute(
                "SELECT 1 FROM source_record WHERE customer_id = ? AND declared_key = ?", (row.customer, named)
            ).fetchone()
            if still is None:
                owned.detach((owner, named), row.customer)
                execute(
                    "DELETE FROM customer_key WHERE source = ? AND key = ? AND customer_id = ?",
                    (owner, named, row.customer),
                )

    def _memberships(self, incoming: Incoming) -> None:
        ids: list[int] = []
        for row in incoming.changed:
            if row.source == "loy":
                ids += [found[0] for found in execute("SELECT id FROM membership WHERE key = ?", (row.key,))]
        self._writer.before("membership", ("points", "has_card", "joined_on"), ids)
        execute(
            "INSERT INTO membership (key, customer_id, points, has_card, joined_on, record_id)"
            " SELECT key, customer_id, fields ->> 'points', coalesce(fields ->> 'has_card', 0),"
            " fields ->> 'created_on', id FROM (SELECT * FROM source_record WHERE run_id = ? UNION ALL"
            " SELECT * FROM source_record WHERE id IN (SELECT value FROM json_each(?))) WHERE source = 'loy'"
            " ON CONFLICT (key) DO UPDATE SET points = excluded.points, has_card = excluded.has_card,"
            " joined_on = excluded.joined_on",
            (self._run, json.dumps([row.record_id for row in incoming.changed])),
        )

    def _people(self, links: Links, incoming: Incoming) -> None:
        """Make the people of accounts, and follow changed rows where nobody has changed the person since."""
        primary: set[int] = {row[0] for row in execute("SELECT account_id FROM person WHERE is_primary = 1")}
        rows = list(links.people)
        for row in incoming.changed:
            if row.is_corporate:
                found = execute("SELECT id FROM person WHERE record_id = ?", (row.record_id,)).fetchone()
                if found is None:
                    rows.append(row)
                else:
                    self._follow(found[0], row)
        arriving = []
        for row in rows:
            is_first = row.customer not in primary
            primary.add(row.customer)
            arriving.append((row.customer, *_person(row.key, row.fields).values(), int(is_first), row.record_id))
        names = "account_id, name, email, phone, email_subscriber, is_primary, record_id"
        with self._writer.holding("arriving", names, arriving):
            execute(f"INSERT INTO person ({names}) SELECT {names} FROM arriving ORDER BY rowid")
        search.learn_words(spelling.of_names(str(person[1]) for person in arriving))

    def _follow(self, person_id: int, row: PersonRow) -> None:
        before = execute(
            "SELECT before FROM import_change WHERE run_id = ? AND table_name = 'source_record' AND row_id = ?",
            (self._run, row.record_id),
        ).fetchone()
        fields = json.loads(json.loads(before[0])["fields"])
        old, new = _person(row.key, fields), _person(row.key, row.fields)
        current = execute(
            "SELECT name, email, phone, email_subscriber FROM person WHERE id = ?", (person_id,)
        ).fetchone()
        differing = {
            name: (value, new[name])
            for name, value in zip(new, current, strict=True)
            if value == old[name] and value != new[name]
        }
        if differing:
            self._writer.remember("person", [(person_id, {name: list(pair) for name, pair in differing.items()})])
            names = ", ".join(f"{name} = ?" for name in differing)
            execute(f"UPDATE person SET {names} WHERE id = ?", (*(after for _, after in differing.values()), person_id))

    def _own(self, incoming: Incoming, allotment: Allotment) -> None:
        """Give customers that were there without an owner one, when their first contact row arrives."""
        ids = sorted({row.customer for row in incoming.new if row.source == "con" and row.rule != "first"})
        for customer_id in ids:
            row = execute(
                "SELECT kind, state FROM customer WHERE id = ? AND owner_id IS NULL", (customer_id,)
            ).fetchone()
            owner = allotment.next_owner(*row) if row else None
            if owner is not None:
                self._writer.remember("customer", [(customer_id, {"owner_id": [None, owner]})])
                execute("UPDATE customer SET owner_id = ? WHERE id = ?", (owner, customer_id))


def _fresh_keys(incoming: Incoming, known: Known) -> list[Key]:
    """Return the keys that are new or moved."""
    rows = (*incoming.new, *incoming.changed)
    moved = [(row.source, row.key) for row in rows if known.keys.get((row.source, row.key)) != row.customer]
    named = [(FOREIGN[row.source], row.declared_key) for row in rows if row.declared_key]
    return moved + [key for key in named if key not in known.keys]


def _person(key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": survivorship.person_name(fields) or fields.get("email") or key,
        "email": fields.get("email", ""),
        "phone": fields.get("phone", ""),
        "email_subscriber": int(bool(fields.get("email_subscriber"))),
    }
