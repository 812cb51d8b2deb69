"""What a command knows: its arguments, the database it works on, who acts and when."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import DatabaseAwayError, NotAllowedError, RefusedError, UsageError

if TYPE_CHECKING:
    import argparse

    from contoso_tui.cli.config import Config
    from contoso_tui.cli.output import Output
    from models.people.records import Actor


STATE_HOME = "XDG_STATE_HOME"


@dataclass
class Call:
    """One run of a command. `opened` must be entered before anything that reads the database."""

    args: argparse.Namespace
    config: Config

    @cached_property
    def out(self) -> Output:
        """Where data and messages go, in the wanted form."""
        from contoso_tui.cli.output import Output

        return Output.from_args(self.args)

    @cached_property
    def data_path(self) -> Path:
        """The database file: flag, CONTOSO_DATA or configuration, else $XDG_DATA_HOME/contoso/contoso.db."""
        named = self.args.data or self.config["data.path"]
        if named:
            return Path(named).expanduser()
        base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
        return Path(base).expanduser() / "contoso" / "contoso.db"

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Hold the database open.

        Raises:
            DatabaseAwayError: there is none at the path, or it can't be used.
            NotAllowedError: the file belongs to a group that the user is not in.
        """
        from models import database

        self.check_reachable()
        database.init(self.data_path)
        with database.connection():
            database.ensure_current()
            if database.setting("is_demo"):
                # A demo that was kept is as made-up when it is opened again.
                keep_apart(self.data_path.parent)
            self._begin_day()
            yield

    def _begin_day(self) -> None:
        """Let what fell due since the last write count as owed; only a day's first start has anything to do."""
        from models import database

        since = database.setting("unpaid_as_of")
        if since and since < self.today.isoformat():
            from models.orders import invoices

            invoices.renew_unpaid(self.now)

    @property
    def is_there(self) -> bool:
        """Whether there is a database at the path, also one that the user may not read."""
        try:
            return self.data_path.is_file() and self.data_path.stat().st_size > 0
        except PermissionError:
            return True

    def check_reachable(self) -> None:
        """Check that the database file is there and may be used, before anything opens it.

        Raises:
            DatabaseAwayError: there is none.
            NotAllowedError: it is for a group that the user is not in.
        """
        path = self.data_path
        if not self.is_there:
            raise DatabaseAwayError(
                f"There is no database at {path}: contoso import DIR or contoso init makes it,"
                " contoso demo shows made-up data"
            )
        if not os.access(path, os.R_OK | os.W_OK):
            raise NotAllowedError(f"You may not use {path}: it is for the group {_group_of(path)}; ask whoever runs it")

    @cached_property
    def is_playground(self) -> bool:
        """Whether this is a demo or test database, where --as and --at may write."""
        from models import database

        return bool(database.setting("is_test") or database.setting("is_demo"))

    @cached_property
    def actor(self) -> Actor:
        """Who acts: the login that the operating system reports, or --as in a demo or test database.

        Raises:
            NotAllowedError: the database doesn't know them, or it is no demo or test database.
        """
        from models import database
        from models.people import users

        wanted = self.args.as_login
        if wanted and not self.is_playground:
            raise NotAllowedError("--as works only in demo and test databases: here you act as yourself")
        if not wanted:
            wanted = users.system_login()
            if database.setting("is_demo") and wanted not in users.list_logins():
                from contoso_tui.demo.cast import DEFAULT_LOGIN

                wanted = DEFAULT_LOGIN
        return users.get_actor(wanted, "cli")

    @property
    def screen_actor(self) -> Actor:
        """The same user, as the one who presses keys."""
        return self.actor._replace(path="key")

    @cached_property
    def clock(self) -> Callable[[], dt.datetime]:
        """Returns the time now in UTC; always the one of --at, if given."""
        if not self.args.at:
            return lambda: dt.datetime.now(dt.UTC)
        fixed = _parse_at(self.args.at)
        return lambda: fixed

    def check_time(self) -> None:
        """Check --at before anything happens.

        Raises:
            UsageError: it is no time.
        """
        self.clock()

    @cached_property
    def now(self) -> dt.datetime:
        """The time of this command."""
        return self.clock()

    @cached_property
    def zone(self) -> str:
        """The company's time zone."""
        from models import database

        return database.company_zone()

    @property
    def today(self) -> dt.date:
        """The date in the company's time zone."""
        from models import clock

        return clock.local_date(self.now, self.zone)

    def check_writing(self) -> None:
        """Check that a change may be made at the time of this command.

        Raises:
            RefusedError: --at in a database that is neither demo nor test.
        """
        if self.args.at and not self.is_playground:
            raise RefusedError("--at with a change works only in demo and test databases: history keeps true times")

    @property
    def can_ask(self) -> bool:
        """Whether a question can be put to a person."""
        return not self.args.no_input and sys.stdin.isatty() and sys.stderr.isatty()

    def ask(self, question: str, flag: str) -> str:
        """Put a question on the terminal and return the answer.

        Raises:
            UsageError: nobody can be asked; it names `flag`, which gives the answer beforehand.
        """
        if not self.can_ask:
            raise UsageError(f"{question.strip()} Nobody can be asked here: give {flag}")
        sys.stderr.write(question)
        sys.stderr.flush()
        return sys.stdin.readline().strip()

    def confirm(self, question: str) -> bool:
        """Ask yes or no, where no is the default; --yes answers it.

        Raises:
            UsageError: nobody can be asked and --yes is not given.
        """
        return bool(self.args.yes) or self.ask(f"{question} [y/N] ", "--yes").lower() in ("y", "yes")


def keep_apart(folder: Path) -> None:
    """Keep drafts, outbox, calendar and log of a demo in its own `folder`: among the user's they would look real.

    It holds until the command has ended (`run.run`).
    """
    os.environ[STATE_HOME] = str(folder.absolute() / "state")


def _parse_at(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--at {text}: write it like 2026-11-18 or 2026-11-18T09:30:00-07:00") from None
    if "T" not in text and " " not in text:
        # A bare date means the working day, in any American time zone.
        moment = moment.replace(hour=18, tzinfo=dt.UTC)
    return (moment if moment.tzinfo else moment.astimezone()).astimezone(dt.UTC)


def _group_of(path: Path) -> str:
    try:
        return path.parent.group() if not path.exists() else path.group()
    except (KeyError, OSError):
        return "of its owner"
