"""What was typed into a form and not saved: one private file a form, kept over a lost link or a crash."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

Values = Mapping[str, Any]
"""Field name -> text as typed (or what the field holds); JSON types only."""


LINE_ADD, LINE_EDIT, LINE_DISCOUNT = "line.add", "line.edit", "line.discount"
PERSON_ADD, PERSON_EDIT = "person.add", "person.edit"
# Forms that a command of the whole screen opens on one of its tabs.
_ON_TABS = {LINE_ADD: "item.new", LINE_EDIT: "item.edit", PERSON_ADD: "item.new", PERSON_EDIT: "item.edit"}
# First letters of ids -> the screen with the list in which such records are worked on.
_SCREENS = {"L": "agenda", "O": "orders", "K": "orders", "INV": "orders"}


class DraftKey(NamedTuple):
    """Which form a draft belongs to.

    `kind` is the command that opens it, for forms of a tab one of the names above, with `:` and a detail where
    there are several; `subject` is the shown id such as "D-1042", or names what has no id yet.
    """

    user: str
    database: str
    kind: str
    subject: str

    @property
    def form(self) -> str:
        """The kind without its detail."""
        return self.kind.partition(":")[0]

    @property
    def detail(self) -> str:
        """Which of several forms of a kind: a field, a line's number, a stage."""
        return self.kind.partition(":")[2]

    @property
    def thing(self) -> str:
        """The shown id of what the form changes, "" where that has none yet, or where it makes something new."""
        letters, _, number = self.subject.partition("-")
        return self.subject if self.form != "item.new" and letters.isupper() and number[:1].isdigit() else ""

    @property
    def screen(self) -> str:
        """The screen on which the form opens, "" where that is the record's own."""
        return "customers" if self.subject == "customer" else _SCREENS.get(self.subject.partition("-")[0], "")

    @property
    def command_id(self) -> str:
        """The command that opens the form."""
        return _ON_TABS.get(self.form, self.form)


class Draft(NamedTuple):
    """A form half filled in; `title` is what the form was headed."""

    key: DraftKey
    title: str
    saved_at: dt.datetime
    values: dict[str, Any]


class DraftStore:
    """Keeps drafts in `folder`, which only its owner can read.

    `save` remembers, `flush` writes: the form calls it half a second after the last key, a signal at once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.of_this_session: set[DraftKey] = set()
        self._pending: dict[DraftKey, Draft] = {}
        self._taken_up: DraftKey | None = None

    def save(self, key: DraftKey, values: Values, title: str, now: dt.datetime) -> None:
        """Remember a draft; `flush` writes it."""
        self._pending[key] = Draft(key, title, now, dict(values))
        self.of_this_session.add(key)

    def flush(self) -> None:
        """Write everything remembered. Quick and synchronous, so that a signal handler can call it."""
        pending, self._pending = self._pending, {}
        if not pending:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for draft in pending.values():
            self._write(draft)

    def open(self, key: DraftKey) -> Draft | None:
        """Return the draft of a form, or None."""
        return self._pending.get(key) or _read(self._path(key))

    def drop(self, key: DraftKey) -> None:
        """Forget a draft."""
        self._pending.pop(key, None)
        self.of_this_session.discard(key)
        self._path(key).unlink(missing_ok=True)

    def put_back(self, draft: Draft) -> None:
        """Keep a draft again that was dropped."""
        self._pending[draft.key] = draft
        self.flush()

    def take_up(self, key: DraftKey) -> None:
        """Note that the form opened next goes on with its draft without asking."""
        self._taken_up = key

    def is_taken_up(self, key: DraftKey) -> bool:
        """Return whether that form is this one; true once."""
        taken, self._taken_up = self._taken_up, None
        return taken == key

    def list(self, user: str, database: str) -> list[Draft]:
        """Return a user's drafts for a database, newest first."""
        self.flush()
        found = (_read(path) for path in self.folder.glob("*.json"))
        mine = [d for d in found if d is not None and (d.key.user, d.key.database) == (user, database)]
        return sorted(mine, key=lambda draft: draft.saved_at, reverse=True)

    def _path(self, key: DraftKey) -> Path:
        # The name says nothing about whom the form is: others may be able to list the folder.
        import hashlib

        joined = json.dumps([key.user, key.database, key.kind, key.subject])
        return self.folder / (hashlib.sha256(joined.encode()).hexdigest()[:24] + ".json")

    def _write(self, draft: Draft) -> None:
        key = draft.key
        content = {
            "key": {"user": key.user, "database": key.database, "kind": key.kind, "subject": key.subject},
            "title": draft.title,
            "saved_at": draft.saved_at.isoformat(),
            "values": draft.values,
        }
        path = self._path(key)
        partial = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file)
        partial.replace(path)


def _read(path: Path) -> Draft | None:
    """Return the draft in a file; None if there is none, or a crash or another program left it unreadable."""
    try:
        content = json.loads(path.read_text("utf-8"))
        return Draft(
            DraftKey(**content["key"]),
            str(content["title"]),
            dt.datetime.fromisoformat(content["saved_at"]),
            dict(content["values"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def default_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where drafts are kept: `$XDG_STATE_HOME/contoso/drafts`."""
    state = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "contoso" / "drafts"
